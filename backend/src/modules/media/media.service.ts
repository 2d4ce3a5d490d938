import { rm } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { Media } from '../../generated/prisma/client.ts';
import { MediaId, type OrganizationId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { mimeTypeOf, pictureOf, writeContent } from './media.content.ts';
import type { FileType, MediaView } from './media.dto.ts';
import { MediaEmpty, MediaLinkExpired, MediaNotFound, MediaStoreUnavailable, MediaTooLarge } from './media.errors.ts';
import { MediaLinks } from './media.links.ts';
import { MediaRepository, type StoredFile } from './media.repository.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { assertSendableAs, cleanFileName, FILE_MAX_BYTES, uploadLimitOf } from './media.rules.ts';
import { MediaStore, storageKeyOf } from './media.store.ts';

type Receiving = Readonly<{
  fileName?: string | undefined;
  /** Most bytes of a file of this type; without it whatever fits the store. */
  limitOf?: (mimeType: string) => number;
  /** Breaks it off; nothing is left behind. */
  signal?: AbortSignal;
}>;

@Injectable()
export class MediaService {
  constructor(
    private readonly db: TenantDb,
    private readonly store: MediaStore,
    private readonly links: MediaLinks,
    private readonly files: MediaRepository,
    private readonly signals: Signals,
  ) {}

  /** Keeps a file that somebody wants to send. @throws MediaTooLarge | MediaEmpty */
  async upload(
    organization: OrganizationId,
    content: NodeJS.ReadableStream,
    fileName: string | undefined,
  ): Promise<Media> {
    const file = await this.receive(organization, content, { fileName, limitOf: uploadLimitOf });
    const preparation = /^(audio|video)\//.test(file.mimeType) ? 'pending' : 'none';
    const row = await this.db.asTenant(organization, (tx) =>
      this.files.insert(tx, organization, { ...file, preparation }),
    );
    if (preparation === 'pending') this.signals.send('media', {});
    return row;
  }

  /**
   * Puts a file into the store as it streams in. The type is what its content says. The caller writes the
   * row; until he does, nothing speaks of the file.
   * @throws MediaTooLarge | MediaEmpty | MediaStoreUnavailable
   */
  async receive(
    organization: OrganizationId,
    content: NodeJS.ReadableStream,
    { fileName, limitOf = () => FILE_MAX_BYTES, signal }: Receiving = {},
  ): Promise<StoredFile> {
    content.on('error', () => undefined); // it may fail before anybody reads it; the reader will be told
    const path = await this.store.temporaryPath();
    try {
      const { sha256, sizeBytes } = await writeContent(content, path, signal);
      if (sizeBytes === 0) throw new MediaEmpty();
      const mimeType = await mimeTypeOf(path);
      if (sizeBytes > limitOf(mimeType)) throw new MediaTooLarge(limitOf(mimeType));
      const picture = await pictureOf(path, mimeType);
      const storageKey = await this.keep(organization, path, sha256);
      return { sha256, mimeType, sizeBytes, fileName: cleanFileName(fileName), ...picture, storageKey };
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Puts a finished temporary file into the store. @returns its key @throws MediaStoreUnavailable */
  async keep(organization: OrganizationId, path: string, sha256: Buffer): Promise<string> {
    const storageKey = storageKeyOf(organization, sha256);
    const mayPut = await this.db.asTenantSql(organization, (sql) => this.files.announce(sql, organization, storageKey));
    if (!mayPut) throw new MediaStoreUnavailable();
    await this.store.put(path, storageKey);
    return storageKey;
  }

  /** The file behind a signed link. @throws MediaLinkExpired */
  async linked(organization: OrganizationId, id: MediaId, expires: number, signature: string): Promise<Media> {
    if (!this.links.holds(organization, id, expires, signature)) throw new MediaLinkExpired();
    const row = await this.db.asTenant(organization, (tx) => this.files.find(tx, id));
    if (!row) throw new MediaLinkExpired();
    return row;
  }

  /** Every file, the newest first, with where it lies. */
  async list(
    organization: OrganizationId,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<Page<{ view: MediaView; storageKey: string }>> {
    const rows = await this.db.asTenant(organization, (tx) => this.files.list(tx, cursor, limit));
    const items = rows.map((row) => ({ view: this.toView(row), storageKey: row.storageKey }));
    return { items, next_cursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  }

  /** @throws MediaNotFound | MediaTypeMismatch | MediaTooLarge | MediaNotVoice | StickerSize */
  async assertSendable(sql: TenantSql, id: MediaId, as: FileType): Promise<void> {
    const file = await this.files.sendable(sql, id);
    if (file === null) throw new MediaNotFound(id);
    assertSendableAs(as, file);
  }

  /** Of a file that is to leave as a voice message, which waits until it is one. Whoever commits it says so (`media`). */
  makeVoice(sql: TenantSql, id: string): Promise<void> {
    return this.files.makeVoice(sql, id);
  }

  /** @returns false when the message has no file that could not be had */
  tryAgain(sql: TenantSql, message: string): Promise<boolean> {
    return this.files.tryAgain(sql, message);
  }

  toView(row: Media): MediaView {
    return {
      id: MediaId.parse(row.id),
      mime_type: row.mimeType,
      size_bytes: Number(row.sizeBytes),
      file_name: row.fileName,
      width: row.width,
      height: row.height,
      duration_seconds: row.durationSeconds,
      preparation: row.preparation as MediaView['preparation'],
      url: this.links.sign(row.organizationId, row.id, 'content'),
      thumbnail_url: row.thumbnail ? this.links.sign(row.organizationId, row.id, 'thumbnail') : null,
    };
  }
}
