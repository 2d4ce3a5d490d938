import { Console } from './lib/console.ts';
import { runCommand } from './lib/run-command.ts';
import { buildAll } from './lib/workspaces.ts';

await runCommand(() => buildAll(new Console(), ['backend', 'sandbox', 'dashboard']));
