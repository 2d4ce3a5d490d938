import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Account = { id: string; email: string; password: string; data: Record<string, unknown>; newEmail?: string };
type Call = { method: string; path: string; apikey: string | undefined; authorization: string | undefined };
type Body = { email?: string; password?: string; refresh_token?: string; data?: Record<string, unknown> };

/**
 * The part of Supabase Auth's HTTP API that signing in needs, as a server of its own: `/signup`,
 * `/token?grant_type=password`, `/token?grant_type=refresh_token`, `/recover`, `/user`, `/logout`. Refresh tokens are used up by their use and
 * end with their session, as Supabase's do. Source: supabase.com/docs/reference/api, github.com/supabase/auth's openapi.yaml.
 */
export class SupabaseAuthServer {
  readonly calls: Call[] = [];
  readonly accounts: Account[] = [];
  /** How long the tokens hold that are issued from now on. */
  expiresInSeconds = 3600;
  /** Whether an address has to be confirmed before it gets a session. */
  confirmsEmail = false;
  /** So many of the next calls are answered with 503. */
  stumbles = 0;
  /** How renewals are refused while it is set, whatever their token. */
  refusesRefresh: { status: number; code: string } | null = null;
  private readonly refreshTokens = new Map<string, Account>();
  private readonly accessTokens = new Map<string, Account>();
  /** What stands after `#` in the links that were mailed, by address. */
  readonly recoveries = new Map<string, string>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /** Ends every session, as an administrator can. */
  revokeAll(): void {
    this.refreshTokens.clear();
    this.accessTokens.clear();
  }

  callsTo(path: string): Call[] {
    return this.calls.filter((call) => call.path === path);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { apikey, authorization } = request.headers;
    const path = request.url ?? '';
    const call = { method: request.method ?? '', path, apikey: apikey?.toString(), authorization };
    this.calls.push(call);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [status, body] = this.handle(call, JSON.parse(Buffer.concat(chunks).toString() || '{}') as Body);
    response.writeHead(status, { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }

  private handle({ method, path, authorization }: Call, body: Body): [status: number, body?: unknown] {
    if (this.stumbles > 0) {
      this.stumbles -= 1;
      return [503, { message: 'upstream away' }];
    }
    const [route = ''] = path.split('&');
    if (method === 'POST' && route.startsWith('/auth/v1/signup')) return this.signUp(body);
    if (method === 'POST' && route === '/auth/v1/token?grant_type=password') return this.signIn(body);
    if (method === 'POST' && route === '/auth/v1/token?grant_type=refresh_token') return this.refresh(body);
    if (method === 'POST' && route.startsWith('/auth/v1/recover')) return this.recover(body);
    if (route.startsWith('/auth/v1/user')) return this.user(method, authorization, body);
    if (method === 'POST' && /^\/auth\/v1\/logout\?scope=(local|global)$/.test(route)) {
      if (!authorization?.startsWith('Bearer ')) return refuse(401, 'no_authorization');
      this.revokeAll();
      return [204];
    }
    return [404, { message: 'no Route matched with those values' }];
  }

  private signUp({ email = '', password = '', data = {} }: Body): [number, unknown] {
    if (this.accounts.some((one) => one.email === email)) return refuse(422, 'user_already_exists');
    if (password.length < 10) return refuse(422, 'weak_password');
    const account = { id: randomUUID(), email, password, data };
    this.accounts.push(account);
    return [200, this.confirmsEmail ? userOf(account) : this.sessionOf(account)];
  }

  private signIn({ email, password }: Body): [number, unknown] {
    const account = this.accounts.find((one) => one.email === email && one.password === password);
    return account ? [200, this.sessionOf(account)] : refuse(400, 'invalid_credentials');
  }

  private refresh({ refresh_token: token = '' }: Body): [number, unknown] {
    if (this.refusesRefresh) return refuse(this.refusesRefresh.status, this.refusesRefresh.code);
    const account = this.refreshTokens.get(token);
    if (!account) return refuse(400, 'refresh_token_not_found');
    this.refreshTokens.delete(token);
    return [200, this.sessionOf(account)];
  }

  /** Answers the same for everybody, as Supabase does. */
  private recover({ email = '' }: Body): [number, unknown] {
    const account = this.accounts.find((one) => one.email === email);
    if (account) {
      const { access_token, refresh_token, expires_in } = this.sessionOf(account);
      const link = {
        access_token,
        expires_in: String(expires_in),
        refresh_token,
        token_type: 'bearer',
        type: 'recovery',
      };
      this.recoveries.set(email, new URLSearchParams(link).toString());
    }
    return [200, {}];
  }

  private user(method: string, authorization: string | undefined, body: Body): [number, unknown] {
    const account = this.accessTokens.get(authorization?.replace('Bearer ', '') ?? '');
    if (!account) return refuse(403, 'session_not_found');
    if (method === 'PUT' && body.password !== undefined) {
      if (body.password.length < 10) return refuse(422, 'weak_password');
      account.password = body.password;
    }
    if (method === 'PUT' && body.email !== undefined) account.newEmail = body.email;
    return [200, userOf(account)];
  }

  private sessionOf(account: Account) {
    const refreshToken = randomUUID();
    this.refreshTokens.set(refreshToken, account);
    const expiresAt = Math.floor(Date.now() / 1000) + this.expiresInSeconds;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const accessToken = `${part({ alg: 'HS256' })}.${part({ sub: account.id, exp: expiresAt, jti: randomUUID() })}.c2lnbmVk`;
    this.accessTokens.set(accessToken, account);
    return {
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: this.expiresInSeconds,
      expires_at: expiresAt,
      refresh_token: refreshToken,
      user: userOf(account),
    };
  }
}

const userOf = ({ id, email, data }: Account) => ({ id, aud: 'authenticated', email, user_metadata: data });
const refuse = (status: number, code: string): [number, unknown] => [status, { code, message: code }];
