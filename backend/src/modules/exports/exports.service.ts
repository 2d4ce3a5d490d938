import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { ZipFile } from 'yazl';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { Page } from '../../kernel/page.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { LinkSigner } from '../../platform/encryption/link-signer.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { AuditService } from '../audit/audit.service.ts';
import type { Caller } from '../auth/caller.ts';
import { ConversationsService } from '../conversations/conversations.service.ts';
import type { MediaView } from '../media/media.dto.ts';
import { MediaService } from '../media/media.service.ts';
import { MediaStore } from '../media/media.store.ts';
import { MembersService } from '../members/members.service.ts';
import { MessagesService } from '../messages/messages.service.ts';
import { OrganizationsService } from '../organizations/organizations.service.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import type { ExportLink } from './exports.dto.ts';
import { ExportLinkExpired } from './exports.errors.ts';

/** Long enough to begin; what is being read then goes on. */
const LIFE_SECONDS = 600;
/** Rows in memory at a time. */
const PAGE = 500;

type Lines = AsyncIterable<string>;

@Injectable()
export class ExportsService {
  private readonly signer: LinkSigner;

  constructor(
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly organizations: OrganizationsService,
    private readonly members: MembersService,
    private readonly sessions: SessionsService,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesService,
    private readonly media: MediaService,
    private readonly files: MediaStore,
    private readonly auditLog: AuditService,
    sealer: Sealer,
  ) {
    this.signer = new LinkSigner(sealer, clock, 'export links');
  }

  async create(by: Caller): Promise<ExportLink> {
    const { organization } = by;
    const expires = Math.floor(this.clock.now().getTime() / 1000) + LIFE_SECONDS;
    await this.db.asTenant(organization, (tx) =>
      this.audit.add(tx, by, {
        action: 'organization.exported',
        target: { type: 'organization', id: organization },
      }),
    );
    const query = new URLSearchParams({
      expires: String(expires),
      signature: this.signer.sign([organization], expires),
    });
    return {
      url: `/api/organizations/${organization}/export?${query.toString()}`,
      expires_at: new Date(expires * 1000).toISOString(),
    };
  }

  /** @throws ExportLinkExpired | OrganizationNotFound */
  async open(
    organization: OrganizationId,
    expires: number,
    signature: string,
  ): Promise<{ name: string; content: Readable }> {
    if (!this.signer.holds([organization], expires, signature)) throw new ExportLinkExpired();
    const { name } = await this.organizations.get(organization);
    const zip = new ZipFile();
    const content = zip.outputStream as Readable;
    zip.on('error', (error) => content.destroy(error));
    void this.write(zip, content, organization).catch((error: unknown) => content.destroy(error as Error));
    return { name, content };
  }

  /** One entry after the other, each when there is somebody to read it. */
  private async write(zip: ZipFile, content: Readable, organization: OrganizationId): Promise<void> {
    const add = async (name: string, entry: Readable, compress = true): Promise<void> => {
      const stop = () => entry.destroy();
      content.once('close', stop);
      zip.addReadStream(entry, name, { compress });
      await finished(entry);
      content.off('close', stop);
    };
    for (const [name, lines] of this.lists(organization)) await add(`${name}.jsonl`, Readable.from(lines));
    const missing: MediaView[] = [];
    for await (const page of pagesOf((cursor) => this.media.list(organization, { cursor, limit: PAGE })))
      for (const { view, storageKey } of page) {
        const file = await this.files.open(storageKey).catch(() => null);
        if (file) await add(fileOf(view), file, false);
        else missing.push(view);
      }
    if (missing.length > 0) await add('missing-files.jsonl', Readable.from(missing.map(lineOf)));
    zip.end();
  }

  private lists(organization: OrganizationId): (readonly [string, Lines])[] {
    const page = { limit: PAGE };
    const { organizations, members, sessions, conversations, messages, auditLog } = this;
    return [
      ['organization', listLines(async () => [await organizations.get(organization)])],
      ['members', listLines(() => members.list(organization))],
      ['sessions', listLines(() => sessions.list(organization))],
      ['conversations', pagedLines((cursor) => conversations.list(organization, { ...page, cursor }))],
      ['messages', pagedLines((cursor) => messages.list(organization, { ...page, cursor }), withFile)],
      ['audit-log', pagedLines((cursor) => auditLog.list(organization, { ...page, cursor }))],
    ];
  }
}

const lineOf = (row: unknown): string => `${JSON.stringify(row)}\n`;

/** Where the file of a message lies in the ZIP; its link of the API would not outlive it. */
const fileOf = ({ id, file_name: name }: MediaView): string => `media/${id}${extname(name ?? '').toLowerCase()}`;

const withFile = ({ media, ...message }: { media: MediaView | null }) => {
  if (!media) return { ...message, media };
  const { url: _, ...file } = media;
  return { ...message, media: { ...file, file: fileOf(media) } };
};

async function* listLines(read: () => Promise<readonly unknown[]>): Lines {
  yield (await read()).map(lineOf).join('');
}

async function* pagedLines<T>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
  shape: (row: T) => unknown = (row) => row,
): Lines {
  for await (const page of pagesOf(read)) yield page.map((row) => lineOf(shape(row))).join('');
}

/** Each page is a transaction of its own: a slow reader holds none. */
async function* pagesOf<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncIterable<T[]> {
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor: next } = await read(cursor);
    yield items;
    if (next === null) return;
    cursor = next;
  }
}
