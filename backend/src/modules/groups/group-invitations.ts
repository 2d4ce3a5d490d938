import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.ts';
import { MessageId, newId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import type { Actor } from '../auth/caller.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { newWhatsAppMessageId } from '../messages/message-id.ts';
import { messageCreated } from '../messages/messages.events.ts';
import { MessagesRepository } from '../messages/messages.repository.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import type { GroupPersonResult } from './group-actions.dto.ts';

/** As WhatsApp's own apps say it above an invitation, in the language of the organization. */
const CAPTIONS: Readonly<Record<string, string>> = {
  en: 'Invitation to join my WhatsApp group',
  he: 'הזמנה להצטרף לקבוצת הוואטסאפ שלי',
  ar: 'دعوة للانضمام إلى مجموعتي على واتساب',
};

const GROUP = `select g.subject, o.language from groups g join organizations o on o.id = g.organization_id where g.jid = $1`;

/** What people are sent who may not be added to a group: messages like any other, through the outbox and at its pace. */
@Injectable()
export class GroupInvitations {
  constructor(
    private readonly contacts: ContactsRepository,
    private readonly messages: MessagesRepository,
    private readonly entitlements: Entitlements,
    private readonly facts: Facts,
  ) {}

  /**
   * Accepts an invitation for each who needs one. Run it by `settlingPeople`, in the transaction that says what became of them.
   * @returns the same people, those who are invited as such; the others where the plan has no room for the messages
   */
  async send(
    sql: TenantSql,
    lease: Lease,
    { jid, sentBy }: Readonly<{ jid: string; sentBy: Actor }>,
    people: readonly GroupPersonResult[],
  ): Promise<GroupPersonResult[]> {
    const { rows } = await sql.query<{ subject: string; language: string }>(GROUP, [jid]);
    const [group] = rows;
    const needy = people.filter(({ status, invitation }) => status === 'needs_invitation' && invitation);
    if (!group || needy.length === 0 || !(await this.hasRoom(sql, lease, needy.length))) return [...people];
    const peers = needy.map(({ phone_number: phone, lid }) => ({ peer: { phone, lid }, pushName: null }));
    const places = await this.contacts.conversationsOf(sql, lease, peers);
    const invited = new Map<GroupPersonResult, MessageId>();
    for (const [n, person] of needy.entries()) {
      const [place, { invitation }] = [places[n], person];
      if (!place || !invitation) continue;
      const id = newId();
      const invite = { group_jid: jid, subject: group.subject, ...invitation };
      const text = CAPTIONS[group.language] ?? CAPTIONS['en'] ?? '';
      await this.messages.accept(sql, lease.organization, {
        id,
        session: lease.session,
        place,
        whatsappMessageId: newWhatsAppMessageId(),
        sentBy,
        content: { type: 'text', text, content: { group_invite: invite }, expires_at: invitation.expires_at },
        origin: { trigger: sentBy.type === 'key' ? 'api' : 'dashboard' },
      });
      const names = { message_id: id, conversation_id: place.shown, session_id: lease.session };
      await this.facts.addSql(sql, messageCreated(lease.organization, { ...names, direction: 'outbound' }));
      invited.set(person, MessageId.parse(id));
    }
    return people.map((person) => {
      const message = invited.get(person);
      return message ? { ...person, status: 'invited', message_id: message } : person;
    });
  }

  private async hasRoom(sql: TenantSql, { organization }: Lease, count: number): Promise<boolean> {
    try {
      await this.entitlements.reserveMessages(sql, organization, count);
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
