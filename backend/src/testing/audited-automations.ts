import type { AuditAction } from '../modules/audit/audit.dto.ts';
import type { TestPerson } from './start-api.ts';

/** What a call finds, of the world of `audited-routes.http.spec.ts`. */
type Found = Readonly<{
  dana: TestPerson;
  template: string;
  automated: { automation: string; notification: string };
}>;
type Audited = Readonly<{ leaves: AuditAction; call: (found: Found) => Promise<{ status: number }> }>;

/** Routes of automations and notifications that leave an entry in the audit log. */
export const AUTOMATIONS: Readonly<Record<string, Audited>> = {
  'post /api/automations': {
    leaves: 'automation.created',
    call: ({ dana, template }) =>
      dana.call('POST', '/automations', {
        name: 'Paid',
        event: 'order_paid',
        template_id: template,
        variables: { hour: { text: 'For their eyes only' } },
      }),
  },
  'patch /api/automations/{id}': {
    leaves: 'automation.updated',
    call: ({ dana, template, automated }) =>
      dana.call('PATCH', `/automations/${automated.automation}`, {
        template_id: template,
        conditions: [{ field: 'plan', operator: 'equals', value: 'For their eyes only' }],
      }),
  },
  'delete /api/automations/{id}': {
    leaves: 'automation.deleted',
    call: ({ dana, automated }) => dana.call('DELETE', `/automations/${automated.automation}`),
  },
  'post /api/automations/{id}/test': {
    leaves: 'automation.tested',
    call: ({ dana, automated }) =>
      dana.call('POST', `/automations/${automated.automation}/test`, {
        to: '+972501234567',
        variables: { customer_name: 'For their eyes only' },
      }),
  },
  'post /api/notifications/{id}/cancel': {
    leaves: 'notification.cancelled',
    call: ({ dana, automated }) => dana.call('POST', `/notifications/${automated.notification}/cancel`),
  },
  'put /api/opt-out-words': {
    leaves: 'opt_out_words.updated',
    call: ({ dana }) => dana.call('PUT', '/opt-out-words', { stop: ['STOP', 'הסר'], start: ['START'] }),
  },
};
