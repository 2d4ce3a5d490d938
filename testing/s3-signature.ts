import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What S3 says when it does not believe a request. */
export class SignatureRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type S3Key = Readonly<{ id: string; secret: string; region: string }>;

const SKEW_MAX_MS = 15 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/**
 * Computes a request's signature (version 4, in the header) by the secret, as AWS describes it, and refuses another one, an
 * unknown key, another region, a clock that is off by a quarter of an hour, and a body that is not the signed one.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, read November 2026.
 */
export function checkSignature(request: IncomingMessage, body: Buffer, key: S3Key, nowMs: number): void {
  const [, id, day, region, signedHeaders, signature] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  if (!id || !day || !region || !signedHeaders || !signature)
    throw new SignatureRefused('AccessDenied', 'The request is not signed.');
  if (id !== key.id) throw new SignatureRefused('InvalidAccessKeyId', 'The AWS access key ID does not exist.');
  if (region !== key.region)
    throw new SignatureRefused('AuthorizationHeaderMalformed', `The region '${region}' is wrong.`);
  const time = header(request, 'x-amz-date');
  if (Math.abs(timeOf(time) - nowMs) > SKEW_MAX_MS || !time.startsWith(day))
    throw new SignatureRefused('RequestTimeTooSkewed', "The request's time and ours differ too much.");
  const contentHash = header(request, 'x-amz-content-sha256');
  if (contentHash !== sha256(body))
    throw new SignatureRefused('XAmzContentSHA256Mismatch', 'The body is not the one that was signed.');
  const names = signedHeaders.split(';');
  for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256'])
    if (!names.includes(needed)) throw new SignatureRefused('AccessDenied', `${needed} is not signed.`);
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical(request, names, contentHash))].join('\n');
  const derived = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${key.secret}`);
  if (!timingSafeEqual(hmac(derived, text), Buffer.from(signature, 'hex')))
    throw new SignatureRefused('SignatureDoesNotMatch', 'The signature we calculated is another one.');
}

function canonical(request: IncomingMessage, names: readonly string[], contentHash: string): string {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const path = pathname.split('/').map((part) => encode(decodeURIComponent(part)));
  const headers = names.map((name) => `${name}:${header(request, name).trim().replaceAll(/ +/g, ' ')}\n`).join('');
  return [request.method, path.join('/'), query, headers, names.join(';'), contentHash].join('\n');
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');
const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
/** `20261121T224557Z`; not a number where it is none. */
const timeOf = (time: string): number =>
  Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
