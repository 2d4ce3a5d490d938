/**
 * The media host: `POST /mms/<kind>/<hash>?auth&token` takes ciphertext and answers `{url, direct_path}`; `GET
 * <direct_path>` gives it back, by range if asked. HTTPS, because Baileys writes that scheme. Learnt from its
 * `messages-media.js`.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { MediaStore } from '../store/media-store.ts';
import type { Faults } from './faults.ts';
import type { TlsIdentity } from './tls-identity.ts';

/** WhatsApp's own largest is 2 GB; the sandbox keeps less. */
const MAX_MEDIA_BYTES = 110 * 1024 * 1024;
const PATH = /^\/v\/([0-9a-f]{32}\.enc)$/;

export class MediaHost {
  readonly #server: https.Server;
  readonly #media: MediaStore;
  /** Let go: nobody gets them from here any more. The phones that had them still do. */
  readonly #expired = new Set<string>();
  #faults: Faults | undefined;

  constructor(tls: TlsIdentity, media: MediaStore) {
    this.#media = media;
    this.#server = https.createServer({ key: tls.privateKey, cert: tls.certificate }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param faults what it shall do wrong on command. */
  async listen(port: number, faults: Faults): Promise<void> {
    this.#faults = faults;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Keeps ciphertext and says where: what a phone that lives in the sandbox does instead of uploading. */
  keep(bytes: Buffer): { url: string; directPath: string } {
    const name = `${randomBytes(16).toString('hex')}.enc`;
    this.#media.put(name, bytes);
    const directPath = `/v/${name}?ccb=11-4&oh=sandbox&oe=7FFFFFFF`;
    return { url: `https://${this.address}${directPath}`, directPath };
  }

  /** Ciphertext by its direct path, as the phones keep it; undefined when there is none. */
  find(directPath: string): Buffer | undefined {
    const name = PATH.exec(directPath.split('?')[0] ?? '')?.[1];
    return name === undefined ? undefined : this.#media.get(name);
  }

  /** Lets a file go, as the real one does after some weeks. */
  expire(directPath: string): void {
    this.#expired.add(directPath.split('?')[0] ?? '');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST' && request.url?.startsWith('/mms/')) return this.#upload(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
    if (this.#faults?.strike('media-gone', undefined)) return end(response, 410);
    const bytes = this.#expired.has(request.url?.split('?')[0] ?? '') ? undefined : this.find(request.url ?? '');
    if (!bytes) return end(response, 410);
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (!range) return end(response, 200, request.method === 'HEAD' ? undefined : bytes);
    const from = Number(range[1]);
    const to = range[2] ? Number(range[2]) + 1 : bytes.length;
    response.setHeader('content-range', `bytes ${from}-${Math.min(to, bytes.length) - 1}/${bytes.length}`);
    end(response, 206, bytes.subarray(from, to));
  }

  async #upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const uploader = new URL(request.url ?? '', 'https://127.0.0.1').searchParams.get('auth') ?? undefined;
    if (this.#faults?.strike('media-upload-error', uploader)) return end(response, 500, Buffer.from('{}'));
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_MEDIA_BYTES) return end(response, 413);
      chunks.push(chunk);
    }
    const { url, directPath } = this.keep(Buffer.concat(chunks));
    response.setHeader('content-type', 'application/json');
    end(response, 200, Buffer.from(JSON.stringify({ url, direct_path: directPath })));
  }
}

function end(response: ServerResponse, status: number, body?: Buffer): void {
  response.statusCode = status;
  response.end(body);
}
