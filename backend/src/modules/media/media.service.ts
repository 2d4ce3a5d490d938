import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import type { Media } from '../../generated/prisma/client.ts';
import { MediaId, newId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import type { MediaView } from './media.dto.ts';
import { MediaLinkExpired, MediaMissing, MediaNotFound, MediaTooLarge, MediaTypeMismatch } from './media.errors.ts';
import { MediaLinks } from './media.links.ts';
import { cleanFileName, IMAGE_TYPES, sizeLimitOf, UPLOAD_MAX_BYTES } from './media.rules.ts';
import { MediaStore } from './media.store.ts';

/** Bytes that are looked at to tell text from anything else. */
const SNIFF_BYTES = 4_096;

@Injectable()
export class MediaService {
  constructor(
    private readonly db: TenantDb,
    private readonly store: MediaStore,
    private readonly links: MediaLinks,
  ) {}

  /**
   * Keeps a file as it streams in; it is never whole in memory. The type is what its content says.
   * @throws MediaTooLarge | MediaMissing
   */
  async keep(organization: OrganizationId, content: Readable, fileName: string | undefined): Promise<Media> {
    const path = await this.store.temporaryPath();
    try {
      const { sha256, sizeBytes } = await write(content, path);
      if (sizeBytes === 0) throw new MediaMissing();
      const mimeType = await sniff(path);
      if (sizeBytes > sizeLimitOf(mimeType)) throw new MediaTooLarge(sizeLimitOf(mimeType));
      const { width = null, height = null } = mimeType.startsWith('image/') ? await dimensions(path) : {};
      const storageKey = await this.store.put(path, organization, sha256);
      return await this.db.asTenant(organization, (tx) =>
        tx.media.create({
          data: {
            organizationId: organization,
            id: newId(),
            sha256: Uint8Array.from(sha256),
            mimeType,
            sizeBytes,
            fileName: cleanFileName(fileName),
            width,
            height,
            storageKey,
          },
        }),
      );
    } finally {
      await rm(path, { force: true });
    }
  }

  /** The file behind a signed link. @throws MediaLinkExpired */
  async linked(organization: OrganizationId, id: MediaId, expires: number, signature: string): Promise<Media> {
    if (!this.links.holds(organization, id, expires, signature)) throw new MediaLinkExpired();
    const row = await this.db.asTenant(organization, (tx) => tx.media.findFirst({ where: { id } }));
    if (!row) throw new MediaLinkExpired();
    return row;
  }

  /** @throws MediaNotFound | MediaTypeMismatch */
  async assertSendable(sql: TenantSql, id: MediaId, as: 'image' | 'document'): Promise<void> {
    const { rows } = await sql.query<{ mime_type: string }>('select mime_type from media where id = $1', [id]);
    const [found] = rows;
    if (!found) throw new MediaNotFound(id);
    if (as === 'image' && !IMAGE_TYPES.has(found.mime_type)) throw new MediaTypeMismatch(as, found.mime_type);
  }

  toView(row: Media): MediaView {
    return {
      id: MediaId.parse(row.id),
      mime_type: row.mimeType,
      size_bytes: Number(row.sizeBytes),
      file_name: row.fileName,
      width: row.width,
      height: row.height,
      url: this.links.sign(row.organizationId, row.id),
    };
  }
}

async function write(content: Readable, path: string): Promise<{ sha256: Buffer; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes > UPLOAD_MAX_BYTES) done(new MediaTooLarge(UPLOAD_MAX_BYTES));
      else done(null, chunk);
    },
  });
  await pipeline(content, count, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { sha256: hash.digest(), sizeBytes };
}

async function sniff(path: string): Promise<string> {
  const known = await fileTypeFromFile(path);
  return known?.mime ?? ((await isText(path)) ? 'text/plain' : 'application/octet-stream');
}

async function isText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true });
    return !buffer.subarray(0, bytesRead).includes(0);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** A picture that cannot be measured is kept without its measures. */
const dimensions = (path: string): Promise<{ width?: number; height?: number }> =>
  sharp(path, { failOn: 'none' })
    .metadata()
    .catch(() => ({}));
