import { expect, it } from '@jest/globals';
import { isFlawless, tableOf } from './ledger.ts';
import { ordeal } from './ordeal.ts';

const MESSAGES = 200;

/** The small form of `npm run chaos -- both`. */
it(`delivers ${MESSAGES} messages each way exactly once and in order, and tells the truth of each, also to a webhook endpoint, while backend, database and WhatsApp are killed`, async () => {
  const kills = { backend: 8, postgres: 6, sandbox: 6 };
  const outcome = await ordeal({
    numbers: 2,
    customers: 2,
    sends: MESSAGES,
    receives: MESSAGES,
    kills,
    whileStarting: false,
  });
  const faults = outcome.findings.filter((one) => !isFlawless(one));
  const telling = { owed: 2 * MESSAGES, told: 2 * MESSAGES, underSeveralIds: 0, forged: 0 };
  expect({ ...outcome, faults }).toMatchObject({ kills, undecryptable: 0, faults: [], telling });
  expect(tableOf(outcome.findings).split('\n').at(-1)).toContain(`| ${2 * MESSAGES} | ${2 * MESSAGES} |`);
}, 420_000);
