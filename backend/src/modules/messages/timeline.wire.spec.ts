import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { MessageTimeline, type TimelineEvent } from './message-report.dto.ts';
import { MessageView, SendAccepted } from './messages.dto.ts';

let wire: Wire;
let number: WireNumber;
let customer: string;
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
  customer = await wire.phones.createPhone();
}, 60_000);
afterAll(() => wire.close());

const send = async (text: string, more: object = {}): Promise<string> =>
  SendAccepted.parse(
    await wire.api.call('POST', '/messages/send', {
      type: 'text',
      session_id: number.session,
      to: `+${customer.replace('+', '')}`,
      text,
      ...more,
    }),
  ).message_id;
const timeline = async (id: string) =>
  MessageTimeline.parse(await wire.api.call('GET', `/messages/${id}/timeline`)).items;
const tries = (events: readonly TimelineEvent[]) =>
  events.flatMap(({ step, attempt, error, until: again }) =>
    step === 'attempt_failed' ? [{ attempt, code: error?.code, again: again !== null }] : [],
  );
const refuse = (code: number, count: number) =>
  wire.phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code, count });
/** Whatever the clocks say: the time of its next try has come. */
async function tryAgain(id: string, after: number): Promise<void> {
  await until(`try ${after} to be refused`, async () => tries(await timeline(id)).length === after);
  await wire.app.database.admin.query(
    `update private.outbox set send_after = now() - interval '1 s' where message_id = $1`,
    [id],
  );
}

describe('the timeline', () => {
  it('has each try that was refused with its reason, and what came after', async () => {
    await refuse(429, 2);
    const id = await send('third time lucky');
    await tryAgain(id, 1);
    await tryAgain(id, 2);
    await until('it to be on the phone', async () => (await timeline(id)).some(({ step }) => step === 'delivered'));
    const events = await timeline(id);
    expect(events.map(({ step }) => step).slice(0, 5)).toEqual([
      'accepted',
      'attempt_failed',
      'attempt_failed',
      'sent',
      'delivered',
    ]);
    expect(tries(events)).toEqual([
      { attempt: 1, code: 'rate_limited', again: true },
      { attempt: 2, code: 'rate_limited', again: true },
    ]);
    expect(events.filter(({ error }) => error).map(({ error }) => error?.detail)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('slower pace')),
    );
  }, 60_000);

  it('keeps the tries of a message that was given up and sent again by hand', async () => {
    await refuse(400, 1);
    const id = await send('refused once');
    await until(
      'it to fail',
      async () => MessageView.parse(await wire.api.call('GET', `/messages/${id}`)).status === 'failed',
    );
    expect((await timeline(id)).map(({ step, error }) => [step, error?.code])).toEqual([
      ['accepted', undefined],
      ['attempt_failed', 'rejected_by_whatsapp'],
      ['failed', 'rejected_by_whatsapp'],
    ]);
    await wire.api.call('POST', `/messages/${id}/retry`, {});
    await until('it to be on the phone', async () => (await timeline(id)).some(({ step }) => step === 'delivered'));
    expect(tries(await timeline(id))).toEqual([{ attempt: 1, code: 'rejected_by_whatsapp', again: false }]);
    expect((await timeline(id)).map(({ step, error, by }) => [step, error?.code, by?.type]).slice(0, 5)).toEqual([
      ['accepted', undefined, undefined],
      ['attempt_failed', 'rejected_by_whatsapp', undefined],
      ['failed', 'rejected_by_whatsapp', undefined],
      ['retried', undefined, 'user'],
      ['sent', undefined, undefined],
    ]);
  }, 60_000);
});
