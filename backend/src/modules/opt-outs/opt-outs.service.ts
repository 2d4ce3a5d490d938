import { Injectable } from '@nestjs/common';
import { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { ContactsService } from '../contacts/contacts.service.ts';
import type { OptOutWords } from './opt-outs.dto.ts';
import { DEFAULT_WORDS, faultIn, wishOf } from './opt-outs.rules.ts';

/** What people want of machines, by contact; the last wish of each counts. */
export type Wishes = ReadonlyMap<string, 'out' | 'in'>;

@Injectable()
export class OptOutsService {
  constructor(
    private readonly db: TenantDb,
    private readonly contacts: ContactsService,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  words(organization: OrganizationId): Promise<OptOutWords> {
    return this.db.asTenant(organization, async (tx) => toWords(await tx.optOutWords.findFirst()));
  }

  /** @throws RequestInvalid when a word would mean both */
  setWords(by: Caller, words: OptOutWords): Promise<OptOutWords> {
    const fault = faultIn(words);
    if (fault) throw new RequestInvalid([{ path: [fault.list], message: fault.message }]);
    const { organization } = by;
    return this.db.asTenant(organization, async (tx) => {
      const before = toWords(await tx.optOutWords.findFirst());
      const { stop, start } = words;
      await tx.optOutWords.upsert({
        where: { organizationId: organization },
        create: { organizationId: organization, stop, start },
        update: { stop, start },
      });
      await this.audit.add(tx, by, {
        action: 'opt_out_words.updated',
        target: { type: 'organization', id: organization },
        changes: changesBetween({ ...before }, { stop, start }),
      });
      return words;
    });
  }

  /** What somebody wants who writes this; null of whatever else. */
  wishOf(text: string | null, words: OptOutWords): 'out' | 'in' | null {
    return wishOf(text, words);
  }

  /** What people wrote; said again, it changes nothing. */
  async heed(organization: OrganizationId, wishes: Wishes): Promise<void> {
    const of = (wish: 'out' | 'in') => [...wishes].flatMap(([contact, wanted]) => (wanted === wish ? [contact] : []));
    await this.db.asTenantSql(organization, async (sql) => {
      await this.contacts.optOut(sql, organization, of('out'), 'keyword');
      await this.contacts.optIn(sql, organization, of('in'));
    });
    this.signals.send('facts', { organization });
  }
}

export const toWords = (row: { stop: unknown; start: unknown } | null): OptOutWords =>
  row ? { stop: row.stop as string[], start: row.start as string[] } : DEFAULT_WORDS;
