import { Problem as ProblemDocument } from '@wasel/backend/contract';
import type { z } from 'zod';
import { session } from './auth';

/** An RFC 9457 document from the backend, as an error. Branch on `code`, show `detail`. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly { pointer: string; detail: string }[] = [],
  ) {
    super(detail);
  }
}

/** What to tell a person about a failure: what the backend said of the field or of the whole, else `otherwise`. */
export const sayOf = (error: unknown, otherwise: string): string =>
  error instanceof Problem ? (error.fields[0]?.detail ?? error.detail) : otherwise;

/** The words of a catalogue, with a group `faults` of what can go wrong by the backend's code, and `failed` for the rest. */
type FaultWords = { (key: string): string; has: (key: string) => boolean };

/** What to tell a person about a failure in his language where the catalogue knows its code, else in the backend's words. */
export const faultIn = (t: FaultWords, error: unknown): string =>
  error instanceof Problem && t.has(`faults.${error.code}`) ? t(`faults.${error.code}`) : sayOf(error, t('failed'));

/** Calls the backend and checks the answer against its schema, so that a drift fails here and not three screens later. */
export async function call<S extends z.ZodType>(schema: S, path: string, init: RequestInit = {}): Promise<z.infer<S>> {
  const response = await authorised(path, init);
  if (!response.ok) throw await problemIn(response);
  return schema.parse(response.status === 204 ? undefined : await response.json());
}

/** A file that the backend makes: a link to it could not say who asks. */
export async function file(path: string): Promise<Blob> {
  const response = await authorised(path, {});
  if (!response.ok) throw await problemIn(response);
  return response.blob();
}

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

export const patch = (body: unknown): RequestInit => ({ ...post(body), method: 'PATCH' });

/** A token that ran out on the way is renewed once. */
async function authorised(path: string, init: RequestInit): Promise<Response> {
  const ask = async (token: string | null) =>
    fetch(`/api${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(session.organization ? { 'x-org-id': session.organization } : {}),
      },
    });
  const response = await ask(await session.token());
  return response.status === 401 ? ask(await session.token({ fresh: true })) : response;
}

async function problemIn(response: Response): Promise<Problem> {
  const read = ProblemDocument.safeParse(await response.json().catch(() => undefined));
  if (!read.success) return new Problem(response.status, 'unknown', response.statusText);
  const { code, detail, title, errors } = read.data;
  return new Problem(response.status, code, detail ?? title, errors);
}
