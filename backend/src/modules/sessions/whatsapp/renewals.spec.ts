import { describe, expect, it } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { Renewals } from './renewals.ts';

const DEVICE = '972501234567:4@s.whatsapp.net';
const ADDRESS = '81234_1.4';

/** As the directory of privacy addresses resolves them. */
const addressOf = async (jid: string): Promise<string> => (jid === DEVICE ? ADDRESS : `address of ${jid}`);
const replaces = (renewals: Renewals, pending: boolean): Promise<boolean> =>
  renewals.take(ADDRESS, { pending, addressOf });

const receipt = (attrs: Record<string, string>, count?: number): BinaryNode => ({
  tag: 'receipt',
  attrs: { id: '3EB0A1', ...attrs },
  content: count === undefined ? [] : [{ tag: 'retry', attrs: { count: String(count), id: '3EB0A1', v: '1' } }],
});
const asks = (count: number): BinaryNode => receipt({ from: DEVICE, type: 'retry' }, count);

describe('a session', () => {
  it.each([
    ['nobody asked', [], { pending: false, working: false }],
    ['its device read a message', [receipt({ from: DEVICE, type: 'read' })], { pending: false, working: false }],
    ['its device asks for the first time', [asks(1)], { pending: false, working: true }],
    [
      'its device asks and does not count',
      [receipt({ from: DEVICE, type: 'retry' })],
      { pending: false, working: true },
    ],
    ['its device asks for the second time', [asks(2)], { pending: true, working: true }],
    ['a first request follows a second one', [asks(2), asks(1)], { pending: true, working: true }],
    [
      'a device that it is not with asks',
      [receipt({ from: '972500000000@s.whatsapp.net', type: 'retry' }, 2)],
      { pending: false, working: false },
    ],
    [
      'its device asks in a group',
      [receipt({ from: '120363041234567890@g.us', participant: DEVICE, type: 'retry' }, 1)],
      { pending: false, working: true },
    ],
    [
      'another device asks in a group',
      [receipt({ from: '120363041234567890@g.us', participant: '1@lid', type: 'retry' }, 2)],
      { pending: false, working: false },
    ],
  ] as const)('when %s', async (_, receipts, replaced) => {
    for (const pending of [true, false]) {
      const renewals = new Renewals();
      for (const one of receipts) renewals.arrive(one);
      expect(await replaces(renewals, pending)).toBe(pending ? replaced.pending : replaced.working);
    }
  });

  it('is replaced once for a request, and again for the next', async () => {
    const renewals = new Renewals();
    renewals.arrive(asks(2));
    expect([await replaces(renewals, false), await replaces(renewals, false)]).toEqual([true, false]);
    renewals.arrive(asks(2));
    expect(await replaces(renewals, false)).toBe(true);
  });

  it('that was sent on and never answered is not replaced for ten messages that could not be read', async () => {
    const renewals = new Renewals();
    const answers: boolean[] = [];
    for (let message = 0; message < 10; message += 1) {
      renewals.arrive(asks(1));
      answers.push(await replaces(renewals, true));
    }
    expect(answers).toEqual(Array.from({ length: 10 }, () => false));
  });
});
