import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { PageQuery } from '../../kernel/page.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { decodeCursor, pageOf } from '../../platform/http/cursor.ts';
import { SIGNALS_NAME } from '../../platform/signals/signals.ts';
import type { OperatorAuditPage, OperatorHealth } from './operator.dto.ts';
import { toEntry } from './operator.repository.ts';

type Installation = Pick<OperatorHealth, 'organizations' | 'suspended' | 'nodes' | 'mails' | 'database'>;

/** What metrics do not tell. A node is alive while the database hears it: the connection of its signals stands. */
const READ = `
  with activity as (
    select application_name from pg_stat_activity
     where datid = (select oid from pg_database where datname = current_database())
  ), nodes as (
    select distinct substr(application_name, ${SIGNALS_NAME.length + 1}) as id from activity
     where starts_with(application_name, '${SIGNALS_NAME}')
  )
  select (select count(*)::int from organizations) as organizations,
         (select count(*)::int from private.organization_suspensions) as suspended,
         (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'sessions', (
            select count(*) from private.session_leases l where l.owner_node::text = n.id and l.expires_at > now())) order by n.id), '[]')
            from nodes n) as nodes,
         (select jsonb_build_object(
            'waiting', count(*) filter (where state = 'waiting'),
            'oldest_seconds', coalesce(extract(epoch from now() - min(created_at) filter (where state = 'waiting')), 0),
            'failed', count(*) filter (where state = 'failed')) from private.mails) as mails,
         jsonb_build_object('size_bytes', pg_database_size(current_database()),
            'connections', (select count(*) from activity),
            'connections_max', current_setting('max_connections')::int) as database`;

const LOG = 'operator audit log';

/** What is known of the installation as such. */
@Injectable()
export class InstallationRepository {
  constructor(private readonly system: SystemDb) {}

  async read(): Promise<Installation> {
    const { rows } = await this.system.query<Installation>({ name: 'operator.installation', text: READ });
    const [row] = rows;
    if (!row) throw new Error('a statement without a table answered no row');
    return row;
  }

  async auditLogs({ cursor, limit }: PageQuery): Promise<OperatorAuditPage> {
    const before = decodeCursor(LOG, z.tuple([z.uuid()]), cursor);
    const { rows } = await this.system.query<Parameters<typeof toEntry>[0] & { target_name: string }>(
      `select id, time, actor_type, actor_id, actor_name, action, target_type, target_id, target_name, changes,
              host(address) as address
         from private.operator_audit_logs where $1::uuid is null or id < $1 order by id desc limit $2`,
      [before?.[0] ?? null, limit + 1],
    );
    return pageOf(LOG, rows, limit, (row) => {
      const entry = toEntry(row);
      return { ...entry, target: { ...entry.target, name: row.target_name } };
    });
  }
}
