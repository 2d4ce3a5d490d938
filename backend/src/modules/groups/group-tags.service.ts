import { Injectable } from '@nestjs/common';
import { TagId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { tagContacts } from '../contacts/contact-tags.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import type { ParticipantsTagged, TagParticipants } from './groups.dto.ts';
import { GroupsRepository } from './groups.repository.ts';

/** Who is in it by now, without our own numbers, in one order. */
const PEOPLE = `select p.phone_number as phone, p.lid from group_participants p
  where p.group_id = $1 and p.role is not null and ($2::uuid[] is null or p.id = any ($2)) and ($3::boolean is not true or p.role <> 'member')
    and not exists (select from group_sessions n join sessions s on s.id = n.session_id and s.deleted_at is null
                     where n.group_id = p.group_id and n.participant_id = p.id)
    and not exists (select from sessions s where s.deleted_at is null and s.phone_number = p.phone_number)
  order by p.id`;

/** WhatsApp says with a group which number and privacy address belong together, as the phone's own list does. */
const EVIDENCE = { source: 'mapping', session: null } as const;

/** Makes contacts of people in groups. */
@Injectable()
export class GroupTagsService {
  constructor(
    private readonly db: TenantDb,
    private readonly groups: GroupsRepository,
    private readonly contacts: ContactsRepository,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
  ) {}

  /**
   * People of a group are contacts with this tag from now on; done again, nothing changes. A constant number of statements,
   * however many they are.
   * @throws GroupNotFound
   */
  async tag(by: Caller, jid: string, asked: TagParticipants): Promise<ParticipantsTagged> {
    let before: number | undefined; // people that turn out to be one are merged, and all of it is done again: they are known then
    const answer = await settlingPeople(this.db, by.organization, async (sql) => {
      const { id, subject } = await this.groups.get(sql, jid);
      const people = await peopleOf(sql, id, asked);
      before ??= await this.contacts.countKnown(sql, people);
      const contacts = await this.contacts.ofPeople(sql, people, EVIDENCE);
      const roots = contacts.map(({ root }) => root);
      const { tagged, ...tag } = await tagContacts(sql, roots, asked.tag);
      const counts = { people: people.length, created: people.length - before, tagged };
      const changes = changesBetween(null, { name: subject, tags: [tag.name], ...counts });
      await this.audit.addSql(sql, by, { action: 'group.tagged', target: { type: 'group', id }, changes });
      return { tag: { id: TagId.parse(tag.id), name: tag.name }, ...counts };
    });
    this.signals.send('facts', { organization: by.organization });
    return answer;
  }
}

async function peopleOf(sql: TenantSql, group: string, { participants, admins }: TagParticipants): Promise<Peer[]> {
  const { rows } = await sql.query<Peer>({
    name: 'groups.people_to_tag',
    text: PEOPLE,
    values: [group, participants ?? null, admins],
  });
  return rows;
}
