import { expect, it } from '@jest/globals';
import { broadcastOrdeal, isTrue } from './broadcast.ts';

const RECIPIENTS = 80;

/** The small form of `npm run chaos -- broadcast`. */
it(`says it to each of ${RECIPIENTS} people once, and counts them rightly, while backend, database and WhatsApp are killed and it is paused and resumed`, async () => {
  const kills = { backend: 5, postgres: 2, sandbox: 2 };
  const outcome = await broadcastOrdeal({ recipients: RECIPIENTS, numbers: 2, kills, pauses: 3 });
  expect({ ...outcome, isTrue: isTrue(outcome, RECIPIENTS) }).toMatchObject({ kills, isTrue: true });
  expect(outcome.view.excluded).toEqual([{ exclusion: 'own_number', count: 2 }]);
}, 420_000);
