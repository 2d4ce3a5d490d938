import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Agent, get } from 'node:https';
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import { getMediaKeys, type MediaType, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { DownloadedFile, ToldOfFile } from '../session-traffic.ts';
import { MediaExpired, SessionOffline } from '../sessions.errors.ts';

/** At the end of every encrypted file: the first bytes of its HMAC-SHA256. */
const MAC_BYTES = 10;
const HOST = 'mmg.whatsapp.net';
const TIMEOUT_MS = 60_000;

type FileMessage = {
  mediaKey?: Uint8Array | null;
  url?: string | null;
  directPath?: string | null;
  fileSha256?: Uint8Array | null;
  fileName?: string | null;
  seconds?: number | null;
  waveform?: Uint8Array | null;
  jpegThumbnail?: Uint8Array | null;
  width?: number | null;
  height?: number | null;
};

const WAVE_BARS = 64;
const THUMBNAIL_MAX_BYTES = 64 * 1024;
const INTEGER_MAX = 2 ** 31 - 1;

function toldOf({ seconds, waveform, jpegThumbnail, width, height }: FileMessage): ToldOfFile {
  const whole = (value: number | null | undefined) => (value && value > 0 && value < INTEGER_MAX ? value : null);
  return {
    durationSeconds: whole(seconds),
    waveform: waveform?.length === WAVE_BARS ? waveform : null,
    thumbnail: jpegThumbnail?.length && jpegThumbnail.length <= THUMBNAIL_MAX_BYTES ? jpegThumbnail : null,
    width: whole(width),
    height: whole(height),
  };
}

/**
 * The file of a message, fetched, checked and decrypted as it streams. Baileys decrypts without checking; a file that was
 * changed on the way fails here at its end, so what was read is to be kept only when the stream ends well.
 * @throws MediaExpired | SessionOffline
 */
export async function downloadMedia(payload: Uint8Array, agent: Agent | undefined): Promise<DownloadedFile> {
  const [file, type] = fileIn(proto.Message.decode(payload));
  if (!file.mediaKey) throw new MediaExpired();
  const keys = await getMediaKeys(file.mediaKey, type);
  const encrypted = await fetchFrom(urlOf(file), agent);
  const decrypted = new DecryptFile(
    keys.cipherKey,
    keys.macKey ?? Buffer.alloc(0),
    keys.iv,
    file.fileSha256 ?? undefined,
  );
  return {
    content: pipeline(encrypted, decrypted, () => undefined),
    fileName: file.fileName ?? undefined,
    told: toldOf(file),
  };
}

/** The part of a message that describes its file, as it lies in the message. @throws MediaExpired when it has none */
export function fileIn(message: proto.IMessage): [FileMessage, MediaType] {
  const m = normalizeMessageContent(message);
  if (m?.imageMessage) return [m.imageMessage, 'image'];
  if (m?.videoMessage) return [m.videoMessage, 'video'];
  if (m?.ptvMessage) return [m.ptvMessage, 'video'];
  if (m?.audioMessage) return [m.audioMessage, 'audio'];
  if (m?.documentMessage) return [m.documentMessage, 'document'];
  if (m?.stickerMessage) return [m.stickerMessage, 'sticker'];
  throw new MediaExpired();
}

function urlOf({ url, directPath }: FileMessage): URL {
  const host = url ? new URL(url).host : HOST;
  if (directPath) return new URL(`https://${host}${directPath}`);
  if (url) return new URL(url);
  throw new MediaExpired();
}

/** What lies at one of WhatsApp's hosts. @throws MediaExpired | SessionOffline */
export function fetchFrom(url: URL, agent: Agent | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const offline = (cause: Error) => reject(new SessionOffline({ cause }));
    const sent = get(url, {
      ...(agent ? { agent } : {}),
      headers: { origin: 'https://web.whatsapp.com' },
      timeout: TIMEOUT_MS,
    });
    sent.on('timeout', () => sent.destroy(new Error('the media server is silent')));
    sent.on('error', offline);
    sent.on('response', (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      if (response.statusCode === 404 || response.statusCode === 410) return reject(new MediaExpired());
      return offline(new Error(`the media server answers ${response.statusCode}`));
    });
  });
}

/** AES-256-CBC, with the MAC over iv and ciphertext at the end, and a hash of the plain file known before. */
class DecryptFile extends Transform {
  private readonly cipher;
  private readonly mac;
  private readonly hash = createHash('sha256');
  /** What may turn out to be the MAC. */
  private held = Buffer.alloc(0);

  constructor(
    key: Uint8Array,
    macKey: Uint8Array,
    iv: Uint8Array,
    private readonly sha256: Uint8Array | undefined,
  ) {
    super();
    this.cipher = createDecipheriv('aes-256-cbc', key, iv);
    this.mac = createHmac('sha256', macKey).update(iv);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const data = Buffer.concat([this.held, chunk]);
    const end = Math.max(0, data.length - MAC_BYTES);
    this.held = Buffer.from(data.subarray(end));
    this.mac.update(data.subarray(0, end));
    this.emitPlain(this.cipher.update(data.subarray(0, end)));
    done();
  }

  override _flush(done: TransformCallback): void {
    try {
      const mac = this.mac.digest().subarray(0, MAC_BYTES);
      if (this.held.length !== MAC_BYTES || !timingSafeEqual(mac, this.held))
        throw new Error('the file was changed on its way');
      this.emitPlain(this.cipher.final());
      if (this.sha256 && !timingSafeEqual(this.hash.digest(), this.sha256))
        throw new Error('the file is not the one that was sent');
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private emitPlain(plain: Buffer): void {
    if (plain.length === 0) return;
    this.hash.update(plain);
    this.push(plain);
  }
}
