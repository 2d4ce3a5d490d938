import { Injectable } from '@nestjs/common';
import type { Media } from '../../generated/prisma/client.ts';
import { MediaId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { MediaView } from './media.dto.ts';
import { MediaNotFound, MediaTypeMismatch } from './media.errors.ts';
import { MediaLinks } from './media.links.ts';

/** What WhatsApp shows as a picture; anything else goes as a document. */
const IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

@Injectable()
export class MediaService {
  constructor(private readonly links: MediaLinks) {}

  /** @throws MediaNotFound | MediaTypeMismatch */
  async assertSendable(sql: TenantSql, id: MediaId, as: 'image' | 'document'): Promise<void> {
    const { rows } = await sql.query<{ mime_type: string }>('select mime_type from media where id = $1', [id]);
    const [found] = rows;
    if (!found) throw new MediaNotFound(id);
    if (as === 'image' && !IMAGES.has(found.mime_type)) throw new MediaTypeMismatch(as, found.mime_type);
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
