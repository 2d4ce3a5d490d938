import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { systemIn } from '../auth/caller.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import type { Lease, Peer } from '../sessions/session-traffic.ts';
import { whatsAppMessageIdFor } from './message-id.ts';
import { messageCreated } from './messages.events.ts';
import { MessagesRepository } from './messages.repository.ts';

const HOUR_MS = 3_600_000;

/** What callers are written whose call was turned down: messages like any other, through the outbox. */
@Injectable()
export class CallAnswers {
  constructor(
    private readonly db: TenantDb,
    private readonly contacts: ContactsRepository,
    private readonly messages: MessagesRepository,
    private readonly entitlements: Entitlements,
    private readonly facts: Facts,
  ) {}

  /**
   * Accepts an answer, once in an hour of the clock to one caller: its id says which hour, so that neither a call that is
   * told twice nor one who calls again and again gets more.
   * @returns false when he has it already
   * @throws StaleLease
   */
  accept(lease: Lease, caller: Peer, text: string, now: Date): Promise<boolean> {
    const { organization, session } = lease;
    const fence = (sql: TenantSql) => holdLease(sql, lease);
    return settlingPeople(
      this.db,
      organization,
      async (sql) => {
        await fence(sql);
        const [place] = await this.contacts.conversationsOf(sql, lease, [{ peer: caller, pushName: null }]);
        if (!place) return false;
        const { home, shown: conversation } = place;
        const hour = Math.floor(now.getTime() / HOUR_MS);
        const whatsappMessageId = whatsAppMessageIdFor('call', session, home, String(hour));
        if (await this.messages.isAccepted(sql, { session, conversation, whatsappMessageId })) return false;
        const id = newId();
        const sentBy = systemIn(organization).actor;
        const content = { type: 'text' as const, text };
        const origin = { trigger: 'call_answer' as const };
        await this.messages.accept(sql, organization, {
          id,
          session,
          place,
          whatsappMessageId,
          sentBy,
          content,
          origin,
        });
        const names = { message_id: id, conversation_id: conversation, session_id: session };
        await this.facts.addSql(sql, messageCreated(organization, { ...names, direction: 'outbound' }));
        await this.entitlements.reserveMessages(sql, organization, 1);
        return true;
      },
      fence,
    );
  }
}
