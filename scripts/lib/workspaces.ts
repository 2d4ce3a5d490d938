import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capitalized, type Console } from './console.ts';
import { buildIfStale, type Buildable } from './freshness.ts';
import { reachableFiles } from './imports.ts';
import { CACHE, ROOT } from './paths.ts';
import { nodeTool, runTool, type Tool } from './tool.ts';
import { UserFacingError } from './user-facing-error.ts';

export type Workspace = 'backend' | 'sandbox' | 'dashboard';

/** What a build needs from whoever runs it: to be interrupted, and to be found again after a kill. */
export type BuildContext = Pick<Tool, 'signal' | 'register'>;

const GENERATED_CLIENT = join(ROOT, 'backend/src/generated/prisma/client.ts');
const SHARED_INPUTS = ['package-lock.json', 'tsconfig.base.json'].map((file) => join(ROOT, file));

/**
 * Generates the database client from `prisma/schema.prisma`, unless it is fresh. @returns whether it did.
 *
 * Prisma asks for its schema engine although generating does not use it, and would download it; naming any program
 * as that engine lets it work without a network.
 */
export function generateDatabaseClient(context: BuildContext = {}): Promise<boolean> {
  const buildable = {
    inputs: [join(ROOT, 'prisma/schema.prisma'), join(ROOT, 'prisma.config.ts'), ...SHARED_INPUTS],
    output: GENERATED_CLIENT,
    stamp: join(CACHE, 'build/database-client'),
  };
  return buildIfStale(buildable, async () => {
    await runTool({
      ...context,
      name: 'prisma generate',
      ...nodeTool('prisma/build/index.js', 'generate'),
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    });
  });
}

/** Builds everything that is not fresh, in as much parallel as the dependencies allow. */
export async function buildAll(console: Console, workspaces: Workspace[], context: BuildContext = {}): Promise<void> {
  const step = (title: string, build: () => Promise<boolean>) =>
    console.step(title, async () => ((await build()) ? '' : 'unchanged'));
  const clientGenerated = step('Database client generated', () => generateDatabaseClient(context));
  await Promise.all(
    workspaces.map(async (workspace) => {
      if (workspace === 'backend') await clientGenerated;
      await step(`${capitalized(workspace)} built`, () => buildWorkspace(workspace, context));
    }),
  );
}

/** Runs the workspace's own `build` script, unless its result is fresh. @returns whether it did. */
export function buildWorkspace(workspace: Workspace, context: BuildContext = {}): Promise<boolean> {
  return buildIfStale(buildableOf(workspace), () => runBuildScript(workspace, context));
}

function buildableOf(workspace: Workspace): Buildable {
  const directory = join(ROOT, workspace);
  const outputs = { backend: 'dist/main.js', sandbox: 'dist/main.js', dashboard: '.next/BUILD_ID' };
  const foreignInputs = {
    backend: [join(ROOT, 'prisma/schema.prisma')],
    sandbox: [],
    dashboard: ['contract.ts', 'contract-words.ts'].flatMap((file) => reachableFiles(join(ROOT, 'backend/src', file))),
  };
  return {
    inputs: [directory, ...foreignInputs[workspace], ...SHARED_INPUTS],
    also: workspace === 'dashboard' ? publicVariables() : [],
    output: join(directory, outputs[workspace]),
    stamp: join(CACHE, 'build', workspace),
  };
}

/** Next writes these into the pages that it builds. */
function publicVariables(): string[] {
  return Object.entries(process.env)
    .filter(([name]) => name.startsWith('NEXT_PUBLIC_'))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}

async function runBuildScript(workspace: Workspace, context: BuildContext): Promise<void> {
  const directory = join(ROOT, workspace);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  if (manifest.scripts?.build === undefined) {
    throw new UserFacingError(`${workspace}/package.json has no "build" script.`);
  }
  await runTool({
    ...context,
    name: `building ${workspace}`,
    command: 'npm',
    args: ['run', '--silent', 'build'],
    cwd: directory,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', npm_config_update_notifier: 'false' },
  });
}
