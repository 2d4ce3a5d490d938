import { Console } from './lib/console.ts';
import { runCommand } from './lib/run-command.ts';
import { UserFacingError } from './lib/user-facing-error.ts';
import { buildAll } from './lib/workspaces.ts';
import { accept } from '../testing/bench/accept.ts';
import { broadcast } from '../testing/bench/broadcast.ts';
import { type Figure, tableOf } from '../testing/bench/figure.ts';
import { history } from '../testing/bench/history.ts';
import { idle } from '../testing/bench/idle.ts';
import { queue } from '../testing/bench/queue.ts';
import { sends } from '../testing/bench/sends.ts';

/** What `npm run bench` measures; `npm run bench -- sends` measures one. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  sends,
  accept,
  broadcast,
  idle,
  queue,
  history,
};

await runCommand(async () => {
  const wanted = process.argv.slice(2);
  for (const name of wanted) {
    if (!(name in BENCHMARKS))
      throw new UserFacingError(`There is no benchmark "${name}": choose from ${Object.keys(BENCHMARKS).join(', ')}.`);
  }
  await buildAll(new Console(), ['backend', 'sandbox']);
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(BENCHMARKS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    figures.push(...(await measure()));
  }
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n\n${tableOf(figures)}\n`);
});
