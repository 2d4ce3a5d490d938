import type { Problem as ProblemDocument } from '@wasel/backend/contract';
import type { z } from 'zod';
import { session } from './auth';

type Contract = typeof import('@wasel/backend/contract');
/** A schema of the contract, by its name. */
type AnswerName = { [N in keyof Contract]: Contract[N] extends z.ZodType ? N : never }[keyof Contract];
type Answer<N extends AnswerName> = z.infer<Contract[N]>;

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

/**
 * The words of a catalogue, with a group `faults` of what can go wrong by the backend's code or, in `faults.fields`, by the
 * field that it does not take; and `failed` for the rest.
 */
type FaultWords = { (key: string): string; has: (key: string) => boolean };

/** What to tell a person about a failure in his language where the catalogue has words for it, else in the backend's words. */
export function faultIn(t: FaultWords, error: unknown, otherwise = t('failed')): string {
  if (!(error instanceof Problem)) return otherwise;
  const field = error.fields[0]?.pointer.slice('#/'.length).split('/')[0];
  const known = [`faults.fields.${field ?? ''}`, `faults.${error.code}`].find((key) => t.has(key));
  return known ? t(known) : sayOf(error, otherwise);
}

/**
 * Calls the backend. The answer is what the named schema of the contract says: the backend passes it through that schema, and
 * `contract.http.spec.ts` there proves that it is that very one, for every call that stands in these sources.
 */
export async function call<N extends AnswerName>(name: N, path: string, init: RequestInit = {}): Promise<Answer<N>> {
  const response = await authorised(path, init);
  if (!response.ok) throw await problemIn(response);
  const answer = (await response.json()) as Answer<N>;
  // oxlint-disable-next-line no-restricted-imports -- only where it is developed
  if (process.env.NODE_ENV === 'development') (await import('@wasel/backend/contract'))[name].parse(answer);
  return answer;
}

/** Calls the backend where it answers with nothing. */
export async function send(path: string, init: RequestInit): Promise<void> {
  const response = await authorised(path, init);
  if (!response.ok) throw await problemIn(response);
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

export const put = (body: unknown): RequestInit => ({ ...post(body), method: 'PUT' });
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
  const { headers, status, statusText } = response;
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return new Problem(status, 'unknown', statusText); // somebody between us, as a proxy
  const { code, detail, title, errors } = (await response.json()) as ProblemDocument;
  return new Problem(status, code, detail ?? title, errors);
}
