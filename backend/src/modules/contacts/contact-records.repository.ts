import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import type { TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import type { ListContacts } from './contacts.dto.ts';
import { ContactNotFound } from './contacts.errors.ts';
import { digitsOf, literally } from './contact-search.ts';

const WITH_TAGS = { tags: { include: { tag: true } } } as const satisfies Prisma.ContactInclude;
export type ContactRecord = Prisma.ContactGetPayload<{ include: typeof WITH_TAGS }>;

/** Contacts as people look at them: those that are shown. */
@Injectable()
export class ContactRecordsRepository {
  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListContacts,
  ): Promise<{ rows: ContactRecord[]; next: string | null }> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), query.cursor);
    const rows = await tx.contact.findMany({
      where: {
        mergedInto: null,
        ...(before ? { id: { lt: before[0] } } : {}),
        ...(query.search ? { OR: matches(query.search) } : {}),
        ...(query.tag_id ? { tags: { some: { tagId: query.tag_id } } } : {}),
        ...(query.list_id ? { lists: { some: { listId: query.list_id } } } : {}),
        ...(query.opted_out ? { optedOutAt: query.opted_out === 'true' ? { not: null } : null } : {}),
      },
      include: WITH_TAGS,
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return { rows: page, next: rows.length > query.limit && last ? encodeCursor(organization, [last.id]) : null };
  }

  /** The one that is shown, also for one that is merged into it. @throws ContactNotFound */
  async get(tx: TenantTx, id: string): Promise<ContactRecord> {
    const found = await tx.contact.findFirst({
      where: { mergedInto: null, OR: [{ id }, { merged: { some: { id } } }] },
      include: WITH_TAGS,
    });
    if (!found) throw new ContactNotFound(id);
    return found;
  }

  /** Those that are shown, of any organization, by themselves or by what is merged into them. */
  ofAll(tx: SystemTx, of: readonly { organization: string; id: string }[]) {
    return tx.contact.findMany({
      where: {
        mergedInto: null,
        OR: of.flatMap(({ organization: organizationId, id }) => [
          { organizationId, id },
          { organizationId, merged: { some: { id } } },
        ]),
      },
      include: { ...WITH_TAGS, merged: { select: { id: true } } },
    });
  }

  /** Everything else that its page shows; one question after the other, as a connection takes them. */
  async detailsOf(tx: TenantTx, id: string) {
    const lists = await tx.contactListMember.findMany({ where: { contactId: id }, include: { list: true } });
    const days = await tx.contactDay.findMany({
      where: { contactId: id },
      orderBy: [{ month: 'asc' }, { day: 'asc' }, { key: 'asc' }],
    });
    const conversations = await tx.conversation.findMany({
      where: { contactId: id, session: { deletedAt: null } },
      include: { session: { select: { name: true } } },
      orderBy: { lastMessageAt: 'desc' },
    });
    const group = await tx.contact.findMany({
      where: { OR: [{ id }, { mergedInto: id }] },
      include: { evidence: { orderBy: { learntAt: 'asc' } } },
      orderBy: { id: 'asc' },
    });
    const ids = group.map((one) => one.id);
    const merges = await tx.contactMerge.findMany({
      where: { undoneAt: null, mergedId: { in: ids } },
      include: { merged: true },
      orderBy: [{ mergedAt: 'desc' }, { id: 'desc' }],
    });
    const phones = group.flatMap((one) => one.phoneNumber ?? []);
    const forms = await tx.numberCheck.findMany({
      where: { canonical: { in: phones }, phoneNumber: { notIn: phones } },
      orderBy: { phoneNumber: 'asc' },
    });
    return { lists, days, conversations, group, merges, forms };
  }
}

function matches(search: string): Prisma.ContactWhereInput[] {
  const named = { contains: literally(search), mode: 'insensitive' } as const;
  const digits = digitsOf(search);
  const inNumber = { phoneNumber: { contains: digits } };
  return [{ name: named }, { pushName: named }, ...(digits ? [inNumber, { merged: { some: inNumber } }] : [])];
}
