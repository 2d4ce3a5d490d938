import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BroadcastDesk, type BroadcastProblem } from '../../testing/broadcast-desk.ts';
import { aPhoneNumber } from '../../testing/factories.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { BroadcastView, RecipientPage } from './broadcasts.dto.ts';

let desk: BroadcastDesk;
beforeAll(async () => {
  desk = await BroadcastDesk.start();
});
afterAll(() => desk.close());

describe('people who decide', () => {
  const simple = async (over: object = {}) =>
    (
      await desk.launch({
        audience: { phone_numbers: [aPhoneNumber()] },
        content: { type: 'text', text: 'Hello' },
        ...over,
      })
    ).body;
  const order = (id: string, what: string, by = desk.dana) =>
    by.call<BroadcastView & BroadcastProblem>('POST', `/broadcasts/${id}/${what}`);

  it('pause, resume and cancel it; each leaves its entry', async () => {
    const { id } = await simple();
    expect((await order(id, 'pause')).body.state).toBe('paused');
    expect(
      await desk.rows(
        `select isfinite(send_after) as f from private.outbox o join messages m on m.id = o.message_id where m.job_id = $1`,
        id,
      ),
    ).toEqual([{ f: false }]);
    expect((await order(id, 'resume')).body.state).toBe('running');
    expect((await order(id, 'cancel')).body).toMatchObject({ state: 'cancelled', counts: { cancelled: 1 } });
    expect((await order(id, 'resume')).body.code).toBe('job_not_resumable');
    expect((await order(id, 'retry-failed')).body.code).toBe('job_nothing_failed');
    const { body: log } = await desk.dana.call<AuditPage>('GET', `/audit-logs?target_id=${id}`);
    expect(log.items.map(({ action }) => action)).toEqual([
      'broadcast.cancelled',
      'broadcast.resumed',
      'broadcast.paused',
      'broadcast.launched',
    ]);
  });

  it('take it back before its time has come', async () => {
    const { id, state } = await simple({ scheduled_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(state).toBe('scheduled');
    expect((await order(id, 'cancel')).body).toMatchObject({ state: 'cancelled', counts: { cancelled: 1 } });
  });

  it('send again what failed, with the same words', async () => {
    const { id } = await simple({ content: { type: 'text', text: '{one|two|three|four} {one|two|three|four}' } });
    const text = (await desk.recipients(id))[0]?.message?.text;
    await desk.rows(`delete from private.outbox where message_id in (select id from messages where job_id = $1)`, id);
    await desk.rows(
      `update messages set status = 'failed', error_code = 'rejected_by_whatsapp', failed_at = now() where job_id = $1`,
      id,
    );
    expect((await desk.recipients(id, '&state=failed')).length).toBe(1);
    expect((await order(id, 'retry-failed')).body).toMatchObject({ state: 'running', counts: { queued: 1 } });
    expect((await desk.recipients(id))[0]?.message).toMatchObject({ text, status: 'queued' });
  });

  it('find recipients by state, reason and name, page by page, and take them along as a file', async () => {
    const [maya, noa] = [await desk.contact({ name: 'Maya' }), await desk.contact({ name: 'Noa, 100%' })];
    const out = await desk.contact({ name: 'Maya B', opted_out_at: new Date(), opt_out_source: 'person' });
    const { id } = await simple({ audience: { contact_ids: [maya.id, noa.id, out.id] } });
    const names = async (query: string) => (await desk.recipients(id, query)).map(({ name }) => name);
    expect(await names('&state=queued')).toEqual(['Maya', 'Noa, 100%']);
    expect(await names('&state=excluded')).toEqual(['Maya B']);
    expect(await names('&exclusion=opted_out')).toEqual(['Maya B']);
    expect(await names('&search=maya')).toEqual(['Maya', 'Maya B']);
    expect(await names('&search=100%25')).toEqual(['Noa, 100%']);
    expect(await names(`&search=${encodeURIComponent(noa.phone)}`)).toEqual(['Noa, 100%']);
    expect(await names('&state=replied')).toEqual([]);
    const first = (await desk.dana.call<RecipientPage>('GET', `/broadcasts/${id}/recipients?limit=2`)).body;
    const rest = (
      await desk.dana.call<RecipientPage>('GET', `/broadcasts/${id}/recipients?limit=2&cursor=${first.next_cursor}`)
    ).body;
    expect([first.items.length, rest.items.length, rest.next_cursor]).toEqual([2, 1, null]);
    const file = await (await desk.dana.request('GET', `/broadcasts/${id}/export`)).text();
    const lines = file.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(`'${maya.phone},Maya,queued,,`);
    expect(lines[2]).toContain('"Noa, 100%"');
    expect(lines[3]).toContain('Maya B,excluded,opted_out');
    const { body: log } = await desk.dana.call<AuditPage>(
      'GET',
      `/audit-logs?action=broadcast.exported&target_id=${id}`,
    );
    expect(log.items).toHaveLength(1);
  });
});
