import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { checkSignature, type S3Key, SignatureRefused } from './s3-signature.ts';

/** Of every part but the last. */
const PART_MIN_BYTES = 5 * 1024 * 1024;

type Upload = { key: string; parts: Map<number, Buffer>; begun: Date };

/**
 * What it does to the next `times` requests whose method and path fit: answers with a status and S3's code for it, says
 * nothing, cuts the line before an answer, or cuts it after so many bytes of one.
 */
export type Misbehaviour = Readonly<{
  on?: RegExp;
  times?: number;
  how: { status: number; code: string } | 'hang' | 'cut' | { cutAfter: number };
}>;

/** A bucket of somebody's S3: checks signatures by itself, and may misbehave. */
export class S3Double {
  readonly bucket = 'files';
  readonly key: S3Key = { id: 'AKIAWASEL', secret: randomUUID(), region: 'eu-west-9' };
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  /** Method, path and query of every request that was believed. */
  readonly heard: string[] = [];
  /** Objects and uploads in one answer of a list. */
  pageSize = 1_000;
  /** How far its clock is ahead of ours. */
  skewMs = 0;
  private readonly plans: { on: RegExp; left: number; how: Misbehaviour['how'] }[] = [];
  private server: Server | undefined;

  async start(port = 0): Promise<this> {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
    return this;
  }

  get port(): number {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error('it does not listen');
    return address.port;
  }

  /** The settings of a node that uses it. */
  get env(): Record<string, string> {
    return {
      MEDIA_STORE: 's3',
      MEDIA_S3_ENDPOINT: `http://127.0.0.1:${this.port}`,
      MEDIA_S3_REGION: this.key.region,
      MEDIA_S3_BUCKET: this.bucket,
      MEDIA_S3_ACCESS_KEY_ID: this.key.id,
      MEDIA_S3_SECRET_ACCESS_KEY: this.key.secret,
    };
  }

  misbehave({ on = /./, times = Infinity, how }: Misbehaviour): void {
    this.plans.push({ on, left: times, how });
  }

  behave(): void {
    this.plans.length = 0;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const what = `${request.method} ${request.url}`;
    const plan = this.plans.find(({ on, left }) => left > 0 && on.test(what));
    if (plan) plan.left -= 1;
    if (plan?.how === 'hang') return;
    if (plan?.how === 'cut') return void response.destroy();
    if (plan && 'status' in plan.how) return fail(response, plan.how.status, plan.how.code, 'as told');
    const cutAfter = plan && 'cutAfter' in plan.how ? plan.how.cutAfter : undefined;
    try {
      checkSignature(request, body, this.key, Date.now() + this.skewMs);
    } catch (error) {
      if (error instanceof SignatureRefused) return fail(response, 403, error.code, error.message);
      throw error;
    }
    this.heard.push(what);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
    const [, bucket, ...path] = decodeURIComponent(pathname).split('/');
    if (bucket !== this.bucket) return fail(response, 404, 'NoSuchBucket', 'The bucket does not exist.');
    const key = path.join('/');
    if (key === '') return this.onBucket(response, searchParams);
    return this.onObject(request, response, { key, query: searchParams, body, cutAfter });
  }

  private onBucket(response: ServerResponse, query: URLSearchParams): void {
    if (query.has('uploads')) return this.listUploads(response);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).toSorted();
    const after = query.get('continuation-token') ?? '';
    const left = keys.filter((key) => key > after);
    const page = left.slice(0, Math.min(this.pageSize, Number(query.get('max-keys') ?? this.pageSize)));
    const more = left.length > page.length;
    const contents = page.map((key) => tag('Contents', tag('Key', key) + tag('Size', this.objects.get(key)?.length)));
    const rest = more ? tag('NextContinuationToken', page.at(-1)) : '';
    xml(response, 'ListBucketResult', contents.join('') + tag('IsTruncated', more) + rest);
  }

  private listUploads(response: ServerResponse): void {
    const uploads = [...this.uploads].map(([id, { key, begun }]) =>
      tag('Upload', tag('Key', key) + tag('UploadId', id) + tag('Initiated', begun.toISOString())),
    );
    xml(response, 'ListMultipartUploadsResult', uploads.join('') + tag('IsTruncated', false));
  }

  private onObject(
    request: IncomingMessage,
    response: ServerResponse,
    { key, query, body, cutAfter }: { key: string; query: URLSearchParams; body: Buffer; cutAfter: number | undefined },
  ): void {
    const id = query.get('uploadId');
    if (request.method === 'POST' && query.has('uploads')) return this.begin(response, key);
    if (id !== null) return this.onUpload(request, response, { key, id, part: query.get('partNumber'), body });
    if (request.method === 'PUT') {
      this.objects.set(key, body);
      response.setHeader('etag', etagOf(body));
      response.end();
    } else if (request.method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else this.give(request, response, this.objects.get(key), cutAfter);
  }

  private give(
    request: IncomingMessage,
    response: ServerResponse,
    object: Buffer | undefined,
    cutAfter: number | undefined,
  ): void {
    if (!object) return fail(response, 404, 'NoSuchKey', 'The key does not exist.');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    if (start >= object.length && object.length > 0) return fail(response, 416, 'InvalidRange', 'Not that far.');
    const part = object.subarray(start, to ? Number(to) + 1 : undefined);
    response.setHeader('etag', etagOf(object));
    response.setHeader('content-length', part.length);
    if (from !== undefined) {
      response.statusCode = 206;
      response.setHeader('content-range', `bytes ${start}-${start + part.length - 1}/${object.length}`);
    }
    if (request.method === 'HEAD') return void response.end();
    if (cutAfter === undefined) return void response.end(part);
    response.write(part.subarray(0, cutAfter), () => response.destroy());
  }

  private begin(response: ServerResponse, key: string): void {
    const id = randomUUID();
    this.uploads.set(id, { key, parts: new Map(), begun: new Date() });
    xml(response, 'InitiateMultipartUploadResult', tag('Key', key) + tag('UploadId', id));
  }

  private onUpload(
    request: IncomingMessage,
    response: ServerResponse,
    { key, id, part, body }: { key: string; id: string; part: string | null; body: Buffer },
  ): void {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) return fail(response, 404, 'NoSuchUpload', 'The upload does not exist.');
    if (request.method === 'PUT') {
      upload.parts.set(Number(part), body);
      response.setHeader('etag', etagOf(body));
      response.end();
    } else if (request.method === 'DELETE') {
      this.uploads.delete(id);
      response.writeHead(204).end();
    } else this.complete(response, id, upload, body.toString());
  }

  /** Every part is named by its number and etag, in order, and all but the last are large enough. */
  private complete(response: ServerResponse, id: string, { key, parts }: Upload, body: string): void {
    const named = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(?:"|&quot;)?([0-9a-f]{32})/.exec(part)?.[1],
    }));
    const contents = named.map(({ number }) => parts.get(number));
    const isRight = named.every(({ etag }, n) => contents[n] && etagOf(contents[n]) === `"${etag}"`);
    if (!isRight || named.length === 0) return fail(response, 400, 'InvalidPart', 'A part is not the one named.');
    if (named.some(({ number }, n) => n > 0 && number <= (named[n - 1]?.number ?? 0)))
      return fail(response, 400, 'InvalidPartOrder', 'Name the parts in order.');
    if (contents.slice(0, -1).some((part) => (part?.length ?? 0) < PART_MIN_BYTES))
      return fail(response, 400, 'EntityTooSmall', 'A part is too small.');
    this.objects.set(key, Buffer.concat(contents.flatMap((part) => part ?? [])));
    this.uploads.delete(id);
    xml(response, 'CompleteMultipartUploadResult', tag('Key', key));
  }
}

const etagOf = (content: Buffer): string => `"${createHash('md5').update(content).digest('hex')}"`;
const tag = (name: string, content: string | number | boolean | undefined): string => `<${name}>${content}</${name}>`;

function xml(response: ServerResponse, root: string, content: string): void {
  response.setHeader('content-type', 'application/xml');
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${tag(root, content)}`);
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  response.statusCode = status;
  xml(response, 'Error', tag('Code', code) + tag('Message', message));
}
