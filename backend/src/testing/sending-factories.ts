import type { Client } from 'pg';
import { BroadcastId, ImportId, JobId, newId, type OrganizationId, type SessionId, TemplateId } from '../kernel/ids.ts';
import { insert, type Row, sealed } from './insert.ts';

/** A text with a place for a name, that was used before. */
export async function aTemplate(client: Client, organization: OrganizationId, over: Row = {}): Promise<TemplateId> {
  const id = TemplateId.parse(newId());
  await insert(client, 'templates', {
    organization_id: organization,
    id,
    name: 'Opening hours',
    category: 'custom',
    language: 'en',
    body: 'Hello {{customer_name}}, we are open until {{hour}}.',
    ...over,
  });
  await insert(client, 'template_uses', {
    organization_id: organization,
    template_id: id,
    use_count: 1,
    last_used_at: new Date(),
  });
  return id;
}

/** Many messages that leave one after the other, none of which is left; no node counts it. */
export async function aJob(
  client: Client,
  { organization, session }: { organization: OrganizationId; session: SessionId },
  over: Row = {},
): Promise<JobId> {
  const id = JobId.parse(newId());
  await insert(client, 'jobs', {
    organization_id: organization,
    id,
    kind: 'bulk_messages',
    name: 'Opening hours',
    state: 'running',
    session_id: session,
    total: 1,
    created_by: 'dana@example.com',
    count_after: null,
    ...over,
  });
  return id;
}

/** Something that is said to somebody, whose message waits. */
export async function aBroadcast(
  client: Client,
  of: { organization: OrganizationId; session: SessionId; contact: string; queued: string },
  over: Row = {},
): Promise<BroadcastId> {
  const { organization, session, contact, queued } = of;
  const id = BroadcastId.parse(await aJob(client, { organization, session }, { kind: 'broadcast', ...over }));
  await client.query('update messages set job_id = $2 where id = $1', [queued, id]);
  await insert(client, 'broadcasts', {
    organization_id: organization,
    id,
    session_ids: [session],
    audience: { everybody: true },
    content: { type: 'text', text: 'For their eyes only' },
    duplicates: 0,
  });
  const within = { organization_id: organization, broadcast_id: id, id: newId() };
  await insert(client, 'broadcast_recipients', { ...within, contact_id: contact, name: 'Omar', message_id: queued });
  return id;
}

/** A file of people that was read. */
export async function anImport(client: Client, organization: OrganizationId, over: Row = {}): Promise<ImportId> {
  const id = ImportId.parse(newId());
  await insert(client, 'private.imports', {
    organization_id: organization,
    id,
    file_name: 'people.csv',
    state: 'ready',
    columns: ['phone', 'name'],
    row_count: 1,
    created_by: 'dana@example.com',
    ...over,
  });
  await insert(client, 'private.import_rows', {
    organization_id: organization,
    import_id: id,
    line: 2,
    cells: ['+972501234567', 'For their eyes only'],
  });
  return id;
}

/** One that comes with Wasel. */
const PAYMENT_REMINDER = '00000000-0000-7000-8000-000000000043';

/** Something that is done by itself, what it made of an event, and what is told of it one day. */
export async function anAutomation(
  client: Client,
  organization: OrganizationId,
  over: Row = {},
): Promise<{ automation: string; notification: string }> {
  const own = () => ({ organization_id: organization, id: newId() });
  const automation = await insert(client, 'automations', {
    ...own(),
    name: 'Payment is due',
    event: 'payment_due',
    channel: 'whatsapp',
    template_id: PAYMENT_REMINDER,
    created_by: 'dana@example.com',
    ...over,
  });
  const event = await insert(client, 'private.automation_events', {
    ...own(),
    event_id: newId(),
    name: 'payment_due',
    received_at: new Date(),
  });
  const later = new Date(Date.now() + 86_400_000);
  const notification = await insert(client, 'notifications', {
    ...own(),
    channel: 'whatsapp',
    recipient: '+972501234567',
    template_id: newId(),
    variables: { customer_name: 'Omar' },
    trigger: 'automation',
    automation_id: automation.id,
    scheduled_for: later,
    due_at: later,
  });
  await insert(client, 'automation_runs', {
    ...own(),
    automation_id: automation.id,
    event_id: event.id,
    outcome: 'acted',
    recipient: '+972501234567',
    notification_id: notification.id,
    created_at: new Date(),
  });
  await client.query(
    `insert into opt_out_words (organization_id, stop, start) values ($1, '["STOP"]', '["START"]') on conflict do nothing`,
    [organization],
  );
  return { automation: automation.id, notification: notification.id };
}

/** A customer's server, and something that was given up there. It is told nothing by itself. */
export async function aWebhook(
  client: Client,
  organization: OrganizationId,
  over: Row = {},
): Promise<{ endpoint: string; delivery: string }> {
  const own = () => ({ organization_id: organization, id: newId() });
  const endpoint = await insert(client, 'private.webhook_endpoints', {
    ...own(),
    url: `https://${newId()}.example/hook`,
    event_types: ['alert.raised'],
    created_by: 'dana@example.com',
    ...over,
  });
  const of = { organization_id: organization, endpoint_id: endpoint.id };
  await insert(client, 'private.webhook_secrets', { ...of, id: newId(), ...sealed() });
  const event = await insert(client, 'private.webhook_events', {
    ...own(),
    type: 'alert.raised',
    body: `{"type":"alert.raised","data":"${newId()}"}`,
    occurred_at: new Date(),
  });
  const delivery = await insert(client, 'private.webhook_deliveries', {
    ...of,
    id: newId(),
    event_id: event.id,
    type: 'alert.raised',
    state: 'failed',
    attempts: 11,
    expires_at: new Date(),
    settled_at: new Date(),
    last_error: 'http_500',
  });
  await insert(client, 'private.webhook_attempts', {
    ...own(),
    delivery_id: delivery.id,
    duration_ms: 40,
    headers: { 'webhook-id': event.id },
    status: 500,
    answer: `Something broke: ${newId()}`,
    error: 'http_500',
  });
  return { endpoint: endpoint.id, delivery: delivery.id };
}

/** Makes of a message one that came in, and whose file could not be had. */
export async function loseFile(client: Client, message: string): Promise<void> {
  await client.query('delete from private.outbox where message_id = $1', [message]);
  await client.query(
    `update messages set direction = 'inbound', status = 'received', media_state = 'failed', payload = '' where id = $1`,
    [message],
  );
}
