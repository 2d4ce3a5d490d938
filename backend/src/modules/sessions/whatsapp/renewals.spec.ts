import { describe, expect, it } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { Renewals } from './renewals.ts';

const PHONE = '15550001@s.whatsapp.net';
const LID = '900001@lid';

/** As the mapping of addresses has it: both names of the person lead to one session. */
const addressOf = (jid: string): Promise<string> => Promise.resolve(jid === PHONE || jid === LID ? '900001_1.0' : jid);

const retry = (from: string, count: number, participant?: string): BinaryNode => ({
  tag: 'receipt',
  attrs: { id: 'A', from, type: 'retry', ...(participant ? { participant } : {}) },
  content: [{ tag: 'retry', attrs: { id: 'A', count: String(count) } }],
});

describe('Renewals', () => {
  it.each([
    ['nobody asked', [], false, false],
    ['it asked on a session that works', [retry(LID, 1)], false, true],
    ['it asked by its other name', [retry(PHONE, 1)], false, true],
    ['it asked first on a session that brings all that is needed', [retry(LID, 1)], true, false],
    ['it asked again, so that did not help', [retry(LID, 2)], true, true],
    ['it asked again, and then for another message', [retry(LID, 2), retry(LID, 1)], true, true],
    ['somebody else asked', [retry('900002@lid', 2)], false, false],
    ['a member of a group asked', [retry('1-2@g.us', 1, LID)], false, true],
    [
      'a receipt that asks for nothing',
      [{ tag: 'receipt', attrs: { id: 'A', from: LID, type: 'read' } }],
      false,
      false,
    ],
  ])('when %s', async (_, receipts, pending, renewed) => {
    const renewals = new Renewals();
    for (const receipt of receipts) renewals.arrive(receipt);
    expect(await renewals.take('900001_1.0', { pending, addressOf })).toBe(renewed);
  });

  it('replaces a session once for each time that it was asked', async () => {
    const renewals = new Renewals();
    renewals.arrive(retry(LID, 1));
    expect(await renewals.take('900001_1.0', { pending: false, addressOf })).toBe(true);
    expect(await renewals.take('900001_1.0', { pending: false, addressOf })).toBe(false);
    renewals.arrive(retry(LID, 1));
    expect(await renewals.take('900001_1.0', { pending: false, addressOf })).toBe(true);
  });
});
