import { parseArgs } from 'node:util';
import { tableOf, isFlawless } from '../testing/chaos/ledger.ts';
import { ordeal, type OrdealPlan } from '../testing/chaos/ordeal.ts';
import { Console } from './lib/console.ts';
import { runCommand } from './lib/run-command.ts';
import { UserFacingError } from './lib/user-facing-error.ts';
import { buildAll } from './lib/workspaces.ts';

const NUMBERS = 5;
const CUSTOMERS = 4;
const MESSAGES = '10000';
const KILLS = { backend: 200, postgres: 10, sandbox: 10 };

/** What `npm run chaos -- <name>` counts while the parts are killed. */
const ORDEALS: Readonly<Record<string, (messages: number) => Pick<OrdealPlan, 'sends' | 'receives'>>> = {
  sends: (messages) => ({ sends: messages, receives: 0 }),
  receives: (messages) => ({ sends: 0, receives: messages }),
  both: (messages) => ({ sends: messages, receives: messages }),
};

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { messages: { type: 'string', default: MESSAGES } },
  });
  const messages = Number(values.messages);
  const traffic = ORDEALS[positionals[0] ?? ''];
  if (!traffic || !Number.isInteger(messages) || messages < 1)
    throw new UserFacingError(
      `Say what is to be counted: npm run chaos -- ${Object.keys(ORDEALS).join('|')} [--messages ${MESSAGES}]`,
    );
  await buildAll(new Console(), ['backend', 'sandbox']);
  const share = messages / Number(MESSAGES);
  const kills = {
    backend: Math.ceil(KILLS.backend * share),
    postgres: Math.ceil(KILLS.postgres * share),
    sandbox: Math.ceil(KILLS.sandbox * share),
  };
  const outcome = await ordeal({
    numbers: NUMBERS,
    customers: CUSTOMERS,
    ...traffic(messages),
    kills,
    whileStarting: true,
    tell: (text) => void process.stderr.write(`${text}\n`),
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
