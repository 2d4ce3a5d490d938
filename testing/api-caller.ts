import { OrganizationView } from '@wasel/backend/contract';
import { z } from 'zod';

/** Somebody who asks the API as the dashboard does: with a token, and in the name of an organization. */
export class ApiCaller {
  /** None of a newcomer, and of a program, whose key names it. */
  organization: string | undefined;

  constructor(
    public url: string,
    readonly email: string,
    public token: string,
  ) {}

  /** @param path what stands behind `/api` @param body a form as it is, anything else as JSON */
  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(this.organization ? { 'x-org-id': this.organization } : {}),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
  }

  /** Creates an organization and speaks in its name from then on. */
  async found(name = 'Acme'): Promise<this> {
    const organization = { name, country: 'IL', language: 'en', time_zone: 'Asia/Jerusalem' };
    const response = await this.request('POST', '/organizations', organization);
    this.organization = OrganizationView.parse(await bodyOf(response, 'POST /organizations')).id;
    return this;
  }
}

/** @throws when the answer is not 2xx, with what it said. */
export async function bodyOf(response: Response, asked: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${asked}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** @returns the cookies that the browser of the new person has, as a request names them */
export async function signUp(url: string, person: { email: string; password: string; name: string }): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(person),
  });
  await bodyOf(response, 'sign-up');
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** A new token for somebody who is signed in. */
export async function tokenFor(url: string, cookie: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/token`, { headers: { cookie } });
  return z.object({ token: z.string() }).parse(await bodyOf(response, 'token')).token;
}
