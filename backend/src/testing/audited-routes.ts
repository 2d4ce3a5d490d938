import type pg from 'pg';
import type { AuditAction } from '../modules/audit/audit.dto.ts';
import { newId, OrganizationId } from '../kernel/ids.ts';
import { AUTOMATIONS } from './audited-automations.ts';
import { GROUPS } from './audited-groups.ts';
import { BROADCASTS } from './audited-broadcasts.ts';
import { aSuspension } from './factories.ts';
import type { TestPerson } from './start-api.ts';

/** What a call finds: an organization with its owner, an agent, a linked number, and an invitation for a guest. */
export type World = Readonly<{
  /** Of the database. */
  admin: pg.Client;
  dana: TestPerson;
  agent: TestPerson;
  guest: TestPerson;
  session: string;
  invitation: { id: string; token: string };
  /** Runs the installation, and belongs to none of its organizations. */
  operator: TestPerson;
  conversation: () => Promise<string>;
  /** Another organization of hers, which nobody misses. */
  spare: string;
  key: { id: string; token: string };
  message: (status: string) => Promise<string>;
  contact: () => Promise<string>;
  merge: () => Promise<string>;
  tag: () => Promise<string>;
  list: () => Promise<string>;
  /** In which the number is an admin. */
  group: () => Promise<string>;
  alert: { id: string; destination: string };
  template: string;
  automated: { automation: string; notification: string };
  broadcast: (state: string) => Promise<string>;
  /** An import. */
  file: string;
  job: (state: string) => Promise<string>;
  webhook: { endpoint: string; delivery: string };
}>;
export type Audited = Readonly<{
  leaves: AuditAction;
  call: (world: World) => Promise<{ status: number }>;
  /** The owner unless said otherwise. */
  by?: 'dana' | 'agent' | 'guest' | 'operator';
}>;

const newPhone = () => `+9725${String(Date.now()).slice(-8)}`;

/** Routes that change something and leave an entry. A new one says which, and how it is called. */
export const AUDITED: Readonly<Record<string, Audited>> = {
  'post /api/organizations': {
    leaves: 'organization.created',
    call: ({ dana }) =>
      dana.call('POST', '/organizations', {
        name: 'Second',
        country: 'IL',
        language: 'he',
        time_zone: 'Asia/Jerusalem',
      }),
  },
  'patch /api/organizations/current': {
    leaves: 'organization.updated',
    call: ({ dana }) => dana.call('PATCH', '/organizations/current', { name: 'Acme Ltd' }),
  },
  'post /api/organizations/current/exports': {
    leaves: 'organization.exported',
    call: ({ dana }) => dana.call('POST', '/organizations/current/exports', {}),
  },
  'post /api/organizations/current/deletion': {
    leaves: 'organization.deletion_requested',
    call: ({ dana, spare }) =>
      dana.call('POST', '/organizations/current/deletion', { name: 'Spare' }, { 'x-org-id': spare }),
  },
  'delete /api/organizations/current/deletion': {
    leaves: 'organization.restored',
    call: async ({ admin, dana, spare }) => {
      await admin.query(
        `insert into private.organization_deletions (organization_id, name, requested_by, due_at)
         values ($1, 'Spare', 'dana@example.com', now() + interval '1 day')`,
        [spare],
      );
      return dana.call('DELETE', '/organizations/current/deletion', undefined, { 'x-org-id': spare });
    },
  },
  'patch /api/members/{id}': {
    leaves: 'member.role_changed',
    call: async ({ dana, agent }) => dana.call('PATCH', `/members/${await agent.id()}`, { role: 'viewer' }),
  },
  'delete /api/members/{id}': {
    leaves: 'member.removed',
    call: async ({ dana, agent }) => dana.call('DELETE', `/members/${await agent.id()}`),
  },
  'delete /api/members/me': {
    leaves: 'member.left',
    by: 'agent',
    call: ({ agent }) => agent.call('DELETE', '/members/me'),
  },
  'post /api/invitations': {
    leaves: 'invitation.created',
    call: ({ dana }) => dana.call('POST', '/invitations', { email: 'noa@example.com', role: 'agent' }),
  },
  'post /api/invitations/accept': {
    leaves: 'member.joined',
    by: 'guest',
    call: ({ guest, invitation: { token } }) => guest.call('POST', '/invitations/accept', { token }),
  },
  'delete /api/invitations/{id}': {
    leaves: 'invitation.revoked',
    call: ({ dana, invitation }) => dana.call('DELETE', `/invitations/${invitation.id}`),
  },
  'post /api/api-keys': {
    leaves: 'api_key.created',
    call: ({ dana }) => dana.call('POST', '/api-keys', { name: 'Shop', scopes: ['read'] }),
  },
  'delete /api/api-keys/{id}': {
    leaves: 'api_key.revoked',
    call: ({ dana, key }) => dana.call('DELETE', `/api-keys/${key.id}`),
  },
  'post /api/sessions/create': {
    leaves: 'session.created',
    call: ({ dana }) => dana.call('POST', '/sessions/create', {}),
  },
  'post /api/sessions/init': {
    leaves: 'session.created',
    call: ({ dana }) => dana.call('POST', '/sessions/init', { phone_number: '+972501234567' }),
  },
  'patch /api/sessions/{id}': {
    leaves: 'session.updated',
    call: ({ dana, session }) => dana.call('PATCH', `/sessions/${session}`, { enabled: false }),
  },
  'post /api/sessions/{id}/connect': {
    leaves: 'session.connect_requested',
    call: ({ dana, session }) => dana.call('POST', `/sessions/${session}/connect`, {}),
  },
  'post /api/sessions/{id}/disconnect': {
    leaves: 'session.disconnect_requested',
    call: ({ dana, session }) => dana.call('POST', `/sessions/${session}/disconnect`),
  },
  'post /api/sessions/{id}/logout': {
    leaves: 'session.logout_requested',
    call: ({ dana, session }) => dana.call('POST', `/sessions/${session}/logout`),
  },
  'delete /api/sessions/{id}': {
    leaves: 'session.deletion_requested',
    call: ({ dana, session }) => dana.call('DELETE', `/sessions/${session}`),
  },
  'post /api/alerts/acknowledge': {
    leaves: 'alert.acknowledged',
    call: ({ dana }) => dana.call('POST', '/alerts/acknowledge'),
  },
  'post /api/alerts/{id}/acknowledge': {
    leaves: 'alert.acknowledged',
    call: ({ dana, alert }) => dana.call('POST', `/alerts/${alert.id}/acknowledge`),
  },
  'post /api/alert-destinations': {
    leaves: 'alert_destination.created',
    call: ({ dana }) =>
      dana.call('POST', '/alert-destinations', {
        name: 'On call',
        url: 'https://hooks.slack.com/services/T0/B0/hidden',
      }),
  },
  'post /api/alert-destinations/{id}/test': {
    leaves: 'alert_destination.tested',
    call: ({ dana, alert }) => dana.call('POST', `/alert-destinations/${alert.destination}/test`),
  },
  'delete /api/alert-destinations/{id}': {
    leaves: 'alert_destination.deleted',
    call: ({ dana, alert }) => dana.call('DELETE', `/alert-destinations/${alert.destination}`),
  },
  'post /api/webhook-endpoints': {
    leaves: 'webhook_endpoint.created',
    call: ({ dana }) => dana.call('POST', '/webhook-endpoints', { url: 'https://example.com/hook?token=hidden-away' }),
  },
  'patch /api/webhook-endpoints/{id}': {
    leaves: 'webhook_endpoint.updated',
    call: ({ dana, webhook }) =>
      dana.call('PATCH', `/webhook-endpoints/${webhook.endpoint}`, { description: 'Our shop' }),
  },
  'post /api/webhook-endpoints/{id}/rotate-secret': {
    leaves: 'webhook_endpoint.secret_rotated',
    call: ({ dana, webhook }) => dana.call('POST', `/webhook-endpoints/${webhook.endpoint}/rotate-secret`),
  },
  'post /api/webhook-endpoints/{id}/test': {
    leaves: 'webhook_endpoint.tested',
    call: ({ dana, webhook }) => dana.call('POST', `/webhook-endpoints/${webhook.endpoint}/test`),
  },
  'delete /api/webhook-endpoints/{id}': {
    leaves: 'webhook_endpoint.deleted',
    call: ({ dana, webhook }) => dana.call('DELETE', `/webhook-endpoints/${webhook.endpoint}`),
  },
  'post /api/webhook-deliveries/replay': {
    leaves: 'webhook_delivery.replayed',
    call: ({ dana, webhook }) => dana.call('POST', '/webhook-deliveries/replay', { endpoint_id: webhook.endpoint }),
  },
  'post /api/webhook-deliveries/{id}/replay': {
    leaves: 'webhook_delivery.replayed',
    call: ({ dana, webhook }) => dana.call('POST', `/webhook-deliveries/${webhook.delivery}/replay`),
  },
  'post /api/contacts': {
    leaves: 'contact.created',
    call: ({ dana }) => dana.call('POST', '/contacts', { phone_number: newPhone() }),
  },
  'patch /api/contacts/{id}': {
    leaves: 'contact.updated',
    call: async ({ dana, contact }) => dana.call('PATCH', `/contacts/${await contact()}`, { name: 'Noa' }),
  },
  'put /api/contacts/{id}/tags': {
    leaves: 'contact.tagged',
    call: async ({ dana, contact }) => dana.call('PUT', `/contacts/${await contact()}/tags`, { tags: ['VIP'] }),
  },
  'put /api/contacts/{id}/days': {
    leaves: 'contact.days_set',
    call: async ({ dana, contact }) =>
      dana.call('PUT', `/contacts/${await contact()}/days`, { days: [{ name: 'birthday', month: 2, day: 29 }] }),
  },
  'post /api/contacts/{id}/opt-out': {
    leaves: 'contact.opted_out',
    call: async ({ dana, contact }) => dana.call('POST', `/contacts/${await contact()}/opt-out`),
  },
  'post /api/contacts/{id}/opt-in': {
    leaves: 'contact.opted_in',
    call: async ({ dana, contact }) => dana.call('POST', `/contacts/${await contact()}/opt-in`),
  },
  'post /api/contacts/{id}/merge': {
    leaves: 'contact.merged',
    call: async ({ dana, contact }) =>
      dana.call('POST', `/contacts/${await contact()}/merge`, { with: await contact() }),
  },
  'post /api/contacts/merges/{id}/undo': {
    leaves: 'contact.merge_undone',
    call: async ({ dana, merge }) => dana.call('POST', `/contacts/merges/${await merge()}/undo`),
  },
  'post /api/groups/{jid}/participants/tag': {
    leaves: 'group.tagged',
    call: async ({ dana, group }) => dana.call('POST', `/groups/${await group()}/participants/tag`, { tag: 'Class' }),
  },
  'patch /api/contact-tags/{id}': {
    leaves: 'contact_tag.renamed',
    call: async ({ dana, tag }) => dana.call('PATCH', `/contact-tags/${await tag()}`, { name: newId() }),
  },
  'delete /api/contact-tags/{id}': {
    leaves: 'contact_tag.deleted',
    call: async ({ dana, tag }) => dana.call('DELETE', `/contact-tags/${await tag()}`),
  },
  'post /api/contact-lists': {
    leaves: 'contact_list.created',
    call: ({ dana }) => dana.call('POST', '/contact-lists', { name: newId() }),
  },
  'patch /api/contact-lists/{id}': {
    leaves: 'contact_list.renamed',
    call: async ({ dana, list }) => dana.call('PATCH', `/contact-lists/${await list()}`, { name: newId() }),
  },
  'delete /api/contact-lists/{id}': {
    leaves: 'contact_list.deleted',
    call: async ({ dana, list }) => dana.call('DELETE', `/contact-lists/${await list()}`),
  },
  'patch /api/contact-lists/{id}/contacts': {
    leaves: 'contact_list.changed',
    call: async ({ dana, list, contact }) =>
      dana.call('PATCH', `/contact-lists/${await list()}/contacts`, { add: [await contact()] }),
  },
  'post /api/messages/{id}/retry': {
    leaves: 'message.retried',
    call: async ({ dana, message }) => dana.call('POST', `/messages/${await message('failed')}/retry`),
  },
  'post /api/messages/{id}/dismiss': {
    leaves: 'message.dismissed',
    call: async ({ admin, dana, message }) => {
      const failed = await message('failed');
      await admin.query(`update messages set type = 'edit', target_whatsapp_message_id = 'M1' where id = $1`, [failed]);
      return dana.call('POST', `/messages/${failed}/dismiss`);
    },
  },
  'post /api/messages/{id}/media/refetch': {
    leaves: 'message.media_refetched',
    call: async ({ dana, message }) => dana.call('POST', `/messages/${await message('lost')}/media/refetch`),
  },
  'post /api/messages/{id}/cancel': {
    leaves: 'message.cancelled',
    call: async ({ dana, message }) => dana.call('POST', `/messages/${await message('queued')}/cancel`),
  },
  'post /api/messages/send-bulk': {
    leaves: 'job.created',
    call: ({ dana, session }) =>
      dana.call('POST', '/messages/send-bulk', {
        session_id: session,
        messages: [{ to: '+972501234567', text: 'For their eyes only' }],
      }),
  },
  'post /api/imports': {
    leaves: 'import.created',
    call: ({ dana }) => {
      const form = new FormData();
      form.append('file', new Blob(['phone,text\n+972501234567,For their eyes only\n']), 'people.csv');
      return dana.call('POST', '/imports', form);
    },
  },
  'post /api/imports/{id}/launch': {
    leaves: 'job.created',
    call: ({ dana, session, file }) =>
      dana.call('POST', `/imports/${file}/launch`, { session_id: session, expected: 1 }),
  },
  'post /api/jobs/{id}/pause': {
    leaves: 'job.paused',
    call: async ({ dana, job }) => dana.call('POST', `/jobs/${await job('running')}/pause`),
  },
  'post /api/jobs/{id}/resume': {
    leaves: 'job.resumed',
    call: async ({ dana, job }) => dana.call('POST', `/jobs/${await job('paused')}/resume`),
  },
  'post /api/jobs/{id}/cancel': {
    leaves: 'job.cancelled',
    call: async ({ dana, job }) => dana.call('POST', `/jobs/${await job('running')}/cancel`),
  },
  'post /api/jobs/{id}/retry-failed': {
    leaves: 'job.retried',
    call: async ({ admin, dana, job, message }) => {
      const [id, failed] = [await job('completed'), await message('failed')];
      await admin.query('update messages set job_id = $1 where id = $2', [id, failed]);
      return dana.call('POST', `/jobs/${id}/retry-failed`);
    },
  },
  'post /api/templates': {
    leaves: 'template.created',
    call: ({ dana }) => dana.call('POST', '/templates', { name: 'Hours', language: 'en', body: 'For their eyes only' }),
  },
  'post /api/templates/{id}/copy': {
    leaves: 'template.created',
    call: ({ dana, template }) => dana.call('POST', `/templates/${template}/copy`, {}),
  },
  'patch /api/templates/{id}': {
    leaves: 'template.updated',
    call: ({ dana, template }) => dana.call('PATCH', `/templates/${template}`, { body: 'For their eyes only' }),
  },
  'delete /api/templates/{id}': {
    leaves: 'template.deleted',
    call: ({ dana, template }) => dana.call('DELETE', `/templates/${template}`),
  },
  ...AUTOMATIONS,
  ...GROUPS,
  ...BROADCASTS,
  'post /api/messages/cancel-all': {
    leaves: 'messages.cancelled',
    call: async ({ dana, message }) => {
      await message('queued');
      return dana.call('POST', '/messages/cancel-all', {});
    },
  },
  'post /api/messages/retry-all': {
    leaves: 'messages.retried',
    call: async ({ dana, message }) => {
      await message('failed');
      return dana.call('POST', '/messages/retry-all', {});
    },
  },
  'post /api/operator/organizations/{id}/suspend': {
    leaves: 'organization.suspended',
    by: 'operator',
    call: ({ operator, spare }) =>
      operator.call('POST', `/operator/organizations/${spare}/suspend`, { reason: 'Spam reported' }),
  },
  'post /api/operator/organizations/{id}/unsuspend': {
    leaves: 'organization.unsuspended',
    by: 'operator',
    call: async ({ admin, operator, spare }) => {
      await aSuspension(admin, OrganizationId.parse(spare));
      return operator.call('POST', `/operator/organizations/${spare}/unsuspend`, { reason: 'Paid' });
    },
  },
  'post /api/operator/organizations/{id}/conversations/{conversation_id}/messages': {
    leaves: 'conversation.looked_at',
    by: 'operator',
    call: async ({ dana, operator, conversation }) =>
      operator.call(
        'POST',
        `/operator/organizations/${dana.organization}/conversations/${await conversation()}/messages`,
        { reason: 'They asked us to look' },
      ),
  },
};

/** Routes that leave none, and why not. */
export const UNAUDITED: Readonly<Record<string, string>> = {
  'patch /api/me': "a person's own name, which belongs to no organization",
  'put /api/alerts/settings': 'which mails a person wants, which concerns nobody else',
  'post /api/invitations/preview': 'changes nothing; it is no GET because the token is not to be in an address',
  'post /api/contacts/check': 'asks WhatsApp, and changes nothing that people answer for',
  'post /api/messages/send': 'the message itself says who sent it, and stays; only broadcasts are audited as such',
  'post /api/messages/send-template': 'as a send',
  'put /api/imports/{id}/mapping':
    'a question: what would become of the rows; the job that they are launched as is one',
  'post /api/broadcasts/preview': 'a question: who would be written to; that it is launched is an entry',
  'post /api/templates/{id}/preview': 'changes nothing; it is no GET because the values belong in no address',
  'post /api/media/upload': 'a file reaches nobody by itself; the message that carries it says who sent it',
  'post /api/events': 'an event reaches nobody by itself; what automations make of it is their history',
  'post /api/conversations': 'an empty conversation reaches nobody and tells nobody anything',
  'post /api/conversations/{id}/read': 'reading is what agents do all day; who has read what is not kept',
};
