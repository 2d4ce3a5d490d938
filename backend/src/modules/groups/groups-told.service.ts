import { Injectable } from '@nestjs/common';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { type Fact, Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import type { GroupAudience, GroupChange, GroupTraffic } from '../sessions/session-groups.ts';
import type { Lease, Peer } from '../sessions/session-traffic.ts';
import { applyChanges } from './group-changes.ts';
import { applySnapshots, leaveUnseen, type Told } from './group-snapshots.ts';
import { groupRequestsChanged, groupUpdated } from './groups.events.ts';

const WANTED = `select s.groups_told_as is distinct from $2 as all,
       array_remove(array_agg(g.jid order by g.jid), null) as jids, max(n.stale_at) as since
  from sessions s
  left join group_sessions n on n.session_id = s.id and n.stale_at is not null
  left join groups g on g.id = n.group_id
 where s.id = $1 group by s.id, s.groups_told_as`;

type Wanted = Awaited<ReturnType<GroupTraffic['wanted']>>;

/** As far as nothing is open: who is in it, all in one row. */
const AUDIENCE = `select g.addressing, g.ephemeral_seconds, array_agg(json_build_object('phone', p.phone_number, 'lid', p.lid)) as people
  from groups g
  join group_sessions n on n.group_id = g.id and n.session_id = $2 and n.stale_at is null
  join group_participants us on us.id = n.participant_id and us.role is not null
  join group_participants p on p.group_id = g.id and p.role is not null
 where g.jid = $1 and g.told_at > '-infinity' group by g.organization_id, g.id`;

/** Keeps what WhatsApp says of groups, in the order in which a session hears it. */
@Injectable()
export class GroupsTold implements GroupTraffic {
  constructor(
    private readonly db: TenantDb,
    private readonly facts: Facts,
    private readonly signals: Signals,
  ) {}

  /** @throws StaleLease */
  async groupsChanged(lease: Lease, self: Peer, changes: readonly GroupChange[]): Promise<boolean> {
    const { session } = lease;
    let isUnclear = false;
    await this.tell(lease, async (sql) => {
      const { groups, requests, unclear } = await applyChanges(sql, { session, self }, changes);
      isUnclear = unclear;
      const inbox = changes.map(({ inboxId }) => inboxId);
      await sql.query('delete from private.session_inbox where session_id = $1 and id = any ($2)', [session, inbox]);
      const { organization } = lease;
      return [
        ...groups.map((group) => groupUpdated(organization, group)),
        ...requests.map((group) => groupRequestsChanged(organization, group)),
      ];
    });
    return isUnclear;
  }

  async wanted({ organization, session }: Lease, { lid, phone }: Peer): Promise<Wanted> {
    const { rows } = await this.db.asTenantSql(organization, (sql) =>
      sql.query<Wanted>({
        name: 'groups.wanted',
        text: WANTED,
        values: [session, lid ?? phone],
      }),
    );
    return rows[0] ?? { all: false, jids: [], since: null };
  }

  async audience({ organization, session }: Lease, jid: string): Promise<GroupAudience | null> {
    const { rows } = await this.db.asTenantSql(organization, (sql) =>
      sql.query<{ addressing: GroupAudience['addressing']; ephemeral_seconds: number | null; people: Peer[] }>({
        name: 'groups.audience',
        text: AUDIENCE,
        values: [jid, session],
      }),
    );
    const [group] = rows;
    if (!group || (group.addressing === 'lid' && group.people.some(({ lid }) => lid === null))) return null;
    return { addressing: group.addressing, ephemeralSeconds: group.ephemeral_seconds, people: group.people };
  }

  /** @throws StaleLease */
  async groupGone(lease: Lease, jid: string, at: Date): Promise<void> {
    await this.asOwner(lease, (sql) => leaveUnseen(sql, lease, { jid, at }));
  }

  /** @throws StaleLease */
  async groupsTold(lease: Lease, self: Peer, told: Told): Promise<void> {
    await this.asOwner(lease, (sql) => applySnapshots(sql, { session: lease.session, self }, told));
  }

  /** @param work returns the groups that it changed */
  private asOwner(lease: Lease, work: (sql: TenantSql) => Promise<string[]>): Promise<void> {
    return this.tell(lease, async (sql) => (await work(sql)).map((group) => groupUpdated(lease.organization, group)));
  }

  private async tell(lease: Lease, work: (sql: TenantSql) => Promise<Fact[]>): Promise<void> {
    const { organization } = lease;
    await this.db.asTenantSql(organization, async (sql) => {
      await holdLease(sql, lease);
      await this.facts.addSql(sql, ...(await work(sql)));
    });
    this.signals.send('facts', { organization });
  }
}
