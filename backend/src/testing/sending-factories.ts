import type { Client } from 'pg';
import { ImportId, JobId, newId, type OrganizationId, type SessionId, TemplateId } from '../kernel/ids.ts';
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
