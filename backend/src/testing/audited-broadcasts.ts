import type pg from 'pg';
import type { AuditAction } from '../modules/audit/audit.dto.ts';
import type { TestPerson } from './start-api.ts';

/** What a call finds, of the world of `audited-routes.http.spec.ts`. */
type Found = Readonly<{
  admin: pg.Client;
  dana: TestPerson;
  session: string;
  broadcast: (state: string) => Promise<string>;
}>;
type Audited = Readonly<{ leaves: AuditAction; call: (found: Found) => Promise<{ status: number }> }>;

const content = { type: 'text', text: 'For their eyes only' };

/** Routes of broadcasts that leave an entry in the audit log. */
export const BROADCASTS: Readonly<Record<string, Audited>> = {
  'post /api/broadcasts': {
    leaves: 'broadcast.launched',
    call: ({ dana, session }) =>
      dana.call('POST', '/broadcasts', {
        name: 'Friday',
        session_ids: [session],
        audience: { phone_numbers: ['+972501234567'] },
        content,
      }),
  },
  'post /api/groups/{jid}/broadcast': {
    leaves: 'broadcast.launched',
    call: async ({ admin, dana, session }) => {
      await admin.query(
        `with g as (insert into groups (organization_id, id, jid, subject, told_at)
           values ($1, gen_random_uuid(), '120363041234567890@g.us', 'Choir', now()) returning organization_id, id)
         insert into group_participants (organization_id, group_id, id, phone_number, role, changed_at)
         select organization_id, id, gen_random_uuid(), '+972501234567', 'member', now() from g`,
        [dana.organization],
      );
      const said = { name: 'Friday', session_id: session, content };
      return dana.call('POST', '/groups/120363041234567890@g.us/broadcast', said);
    },
  },
  'post /api/broadcasts/{id}/pause': {
    leaves: 'broadcast.paused',
    call: async ({ dana, broadcast }) => dana.call('POST', `/broadcasts/${await broadcast('running')}/pause`),
  },
  'post /api/broadcasts/{id}/resume': {
    leaves: 'broadcast.resumed',
    call: async ({ dana, broadcast }) => dana.call('POST', `/broadcasts/${await broadcast('paused')}/resume`),
  },
  'post /api/broadcasts/{id}/cancel': {
    leaves: 'broadcast.cancelled',
    call: async ({ dana, broadcast }) => dana.call('POST', `/broadcasts/${await broadcast('running')}/cancel`),
  },
  'post /api/broadcasts/{id}/retry-failed': {
    leaves: 'broadcast.retried',
    call: async ({ admin, dana, broadcast }) => {
      const id = await broadcast('completed');
      await admin.query(`delete from private.outbox where message_id in (select id from messages where job_id = $1)`, [
        id,
      ]);
      await admin.query(`update messages set status = 'failed', failed_at = now() where job_id = $1`, [id]);
      return dana.call('POST', `/broadcasts/${id}/retry-failed`);
    },
  },
};
