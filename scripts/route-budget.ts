import { join } from 'node:path';
import { ROOT } from './lib/paths.ts';
import { overBudget, routeSizes } from './lib/route-budget.ts';
import { runCommand } from './lib/run-command.ts';
import { UserFacingError } from './lib/user-facing-error.ts';

/** The end of the dashboard's build: a page that became too heavy fails it. */
await runCommand(async () => {
  const faults = overBudget(routeSizes(join(ROOT, 'dashboard')));
  if (faults.length > 0) throw new UserFacingError(faults.join('\n'));
});
