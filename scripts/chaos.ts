import { parseArgs } from 'node:util';
import { broadcastOrdeal, isTrue } from '../testing/chaos/broadcast.ts';
import { tableOf, isFlawless } from '../testing/chaos/ledger.ts';
import type { Kills } from '../testing/chaos/kills.ts';
import { ordeal, type OrdealPlan } from '../testing/chaos/ordeal.ts';
import { Console } from './lib/console.ts';
import { runCommand } from './lib/run-command.ts';
import { UserFacingError } from './lib/user-facing-error.ts';
import { buildAll } from './lib/workspaces.ts';

const NUMBERS = 5;
const CUSTOMERS = 4;
const MESSAGES = '10000';
const KILLS = { backend: 200, postgres: 10, sandbox: 10 };
/** Of a broadcast, which leaves from two numbers. */
const BROADCAST_KILLS = { backend: 44, postgres: 3, sandbox: 3 };
const PAUSES = 10;

/** What `npm run chaos -- <name>` counts while the parts are killed. */
const ORDEALS: Readonly<Record<string, (messages: number) => Pick<OrdealPlan, 'sends' | 'receives'>>> = {
  sends: (messages) => ({ sends: messages, receives: 0 }),
  receives: (messages) => ({ sends: 0, receives: messages }),
  both: (messages) => ({ sends: messages, receives: messages }),
};

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { messages: { type: 'string', default: MESSAGES } },
  });
  const messages = Number(values.messages);
  const [wanted = ''] = positionals;
  const traffic = ORDEALS[wanted];
  if ((!traffic && wanted !== 'broadcast') || !Number.isInteger(messages) || messages < 1)
    throw new UserFacingError(
      `Say what is to be counted: npm run chaos -- ${Object.keys(ORDEALS).join('|')}|broadcast [--messages ${MESSAGES}]`,
    );
  await buildAll(new Console(), ['backend', 'sandbox']);
  const share = messages / Number(MESSAGES);
  const killsOf = ({ backend, postgres, sandbox }: Kills): Kills => ({
    backend: Math.ceil(backend * share),
    postgres: Math.ceil(postgres * share),
    sandbox: Math.ceil(sandbox * share),
  });
  if (!traffic) return broadcast(messages, killsOf(BROADCAST_KILLS));
  const outcome = await ordeal({
    numbers: NUMBERS,
    customers: CUSTOMERS,
    ...traffic(messages),
    kills: killsOf(KILLS),
    whileStarting: true,
    tell,
  });
  const { findings, undecryptable, dropped, telling, seconds } = outcome;
  process.stdout.write(`${tableOf(findings)}\n\n`);
  process.stdout.write(
    `Killed: ${JSON.stringify(outcome.kills)}. Unreadable at the phones: ${undecryptable}. ` +
      `Sent again after a kill, under the same id, and dropped by the phones: ${dropped}. ${Math.round(seconds)} s.\n`,
  );
  process.stdout.write(
    `Webhooks: ${telling.told} of ${telling.owed} messages told, ${telling.underSeveralIds} under more than one id; ` +
      `${telling.again} requests told one again.\n`,
  );
  const isTold = telling.told === telling.owed && telling.underSeveralIds + telling.forged === 0;
  return findings.every(isFlawless) && undecryptable === 0 && isTold ? 0 : 1;
});

/** To so many people, from two numbers. */
async function broadcast(recipients: number, kills: Kills): Promise<number> {
  const outcome = await broadcastOrdeal({ recipients, numbers: 2, kills, pauses: PAUSES, tell });
  const { finding, view, undecryptable, seconds } = outcome;
  process.stdout.write(`${tableOf([finding])}\n\n`);
  process.stdout.write(
    `Killed: ${JSON.stringify(outcome.kills)}, paused and resumed: ${PAUSES}. It says: ${JSON.stringify(view.counts)} of ${view.total}. ` +
      `Unreadable at the phones: ${undecryptable}. ${Math.round(seconds)} s.\n`,
  );
  return isTrue(outcome, recipients) ? 0 : 1;
}
