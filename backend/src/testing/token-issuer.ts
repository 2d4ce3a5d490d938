import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** Supabase Auth as far as we ask it: the project's public keys, at the place where it serves them. */
export class TokenIssuer {
  readonly published: JWK[] = [];
  asked = 0;
  private readonly server: Server = createServer((request, response) => {
    this.asked += 1;
    const found = request.url === '/auth/v1/.well-known/jwks.json';
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: this.published }));
  });
  url = '';

  async start(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** Makes a key pair and, unless it is not told of, publishes its public half. */
  async key(alg: 'ES256' | 'RS256', kid: string, { published = true } = {}): Promise<SigningKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    if (published) this.published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
    return { alg, kid, privateKey, publicKey };
  }
}

export type SigningKey = { alg: string; kid: string; privateKey: CryptoKey; publicKey: CryptoKey };
