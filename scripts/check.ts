import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Console } from './lib/console.ts';
import { ROOT } from './lib/paths.ts';
import { describeFailure, runCommand } from './lib/run-command.ts';
import { nodeTool, runTool, type Tool } from './lib/tool.ts';
import { generateDatabaseClient } from './lib/workspaces.ts';

type Check = Pick<Tool, 'name' | 'command' | 'args' | 'env'>;

/** `npm run check`: what every commit passes. Runs all of it, and shows at the end what is wrong. */
await runCommand(async () => {
  const console = new Console();
  await generateDatabaseClient();
  const failures: string[] = [];
  const waiting = checks();
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { name } = check;
      const run = runTool.bind(undefined, check);
      await console
        .step(name, async () => void (await run()))
        .catch((error: unknown) => failures.push(describeFailure(error)));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const failure of failures) process.stderr.write(`\n${failure}\n`);
  return failures.length === 0 ? 0 : 1;
});

/** The slowest ones first. */
function checks(): Check[] {
  return [
    ...['dashboard', 'backend', 'sandbox', 'scripts'].flatMap(projectsIn).map(types),
    { name: 'lint', ...nodeTool('oxlint/bin/oxlint', '--type-aware') },
    { name: 'format', ...nodeTool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.') },
    {
      name: 'migrations',
      command: process.execPath,
      args: ['--import', 'tsx', join(ROOT, 'scripts/check-migrations.ts')],
    },
    {
      name: 'database schema',
      ...nodeTool('prisma/build/index.js', 'validate'),
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, DATABASE_URL: process.env.DATABASE_URL ?? '' },
    },
  ];
}

/** A workspace may have a project for its programs and one for its web part; builds are parts of these. */
function projectsIn(workspace: string): string[] {
  return readdirSync(`${ROOT}/${workspace}`)
    .filter((name) => /^tsconfig(\.(?!build)\w+)?\.json$/.test(name))
    .map((name) => `${workspace}/${name}`);
}

function types(project: string): Check {
  return { name: `types of ${project}`, ...nodeTool('typescript/bin/tsc', '--noEmit', '-p', project) };
}
