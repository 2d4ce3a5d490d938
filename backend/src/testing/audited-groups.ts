import type pg from 'pg';
import type { AuditAction } from '../modules/audit/audit.dto.ts';
import type { TestPerson } from './start-api.ts';

/** What a call finds, of the world of `audited-routes.http.spec.ts`. */
type Found = Readonly<{
  admin: pg.Client;
  dana: TestPerson;
  session: string;
  group: () => Promise<string>;
}>;
type Audited = Readonly<{ leaves: AuditAction; call: (found: Found) => Promise<{ status: number }> }>;

const PEOPLE = { participants: [{ phone_number: '+972501234567' }] };

/** A request about a group in which the number is an admin. */
const audited = (path: string, leaves: AuditAction, body: object = {}): Record<string, Audited> => ({
  [`post /api/groups/{jid}/${path}`]: {
    leaves,
    call: async ({ dana, session, group }) =>
      dana.call('POST', `/groups/${await group()}/${path}`, { session_id: session, ...body }),
  },
});

/** An order to what adds people in steps. */
const ordered = (order: string, leaves: AuditAction, state = 'running'): Record<string, Audited> => ({
  [`post /api/groups/additions/{id}/${order}`]: {
    leaves,
    call: async ({ admin, dana, group }) => {
      const { rows } = await admin.query<{ id: string }>(
        'update private.group_additions set state = $2 where group_jid = $1 returning id',
        [await group(), state],
      );
      return dana.call('POST', `/groups/additions/${rows[0]?.id}/${order}`);
    },
  },
});

/** Routes of groups that leave an entry in the audit log. */
export const GROUPS: Readonly<Record<string, Audited>> = {
  'post /api/groups': {
    leaves: 'group.create_requested',
    call: ({ dana, session }) =>
      dana.call('POST', '/groups', { session_id: session, subject: 'Club', description: 'For their eyes only' }),
  },
  'post /api/groups/join': {
    leaves: 'group.join_requested',
    call: ({ dana, session }) =>
      dana.call('POST', '/groups/join', { session_id: session, link: 'https://chat.whatsapp.com/hidden-away' }),
  },
  ...audited('subject', 'group.update_requested', { subject: 'Friends' }),
  ...audited('description', 'group.update_requested', { description: 'For their eyes only' }),
  ...audited('picture', 'group.update_requested', { media_id: null }),
  ...audited('settings', 'group.update_requested', { locked: true, ephemeral_seconds: 0 }),
  ...audited('add-participant', 'group.add_requested', PEOPLE),
  ...audited('additions', 'group.add_requested', { ...PEOPLE, step_seconds: 60 }),
  ...ordered('pause', 'group.addition_paused'),
  ...ordered('resume', 'group.addition_resumed', 'paused'),
  ...ordered('cancel', 'group.addition_cancelled'),
  ...audited('remove-participant', 'group.remove_requested', PEOPLE),
  ...audited('promote', 'group.promote_requested', PEOPLE),
  ...audited('demote', 'group.demote_requested', PEOPLE),
  ...audited('leave', 'group.leave_requested'),
  ...audited('invite-link/revoke', 'group.link_reset_requested'),
  ...audited('requests/approve', 'group.approve_requested', PEOPLE),
  ...audited('requests/reject', 'group.reject_requested', PEOPLE),
};
