/** The environment of the sandbox process, read once. */
import { z } from 'zod';
import type { SandboxOptions } from './index.ts';

const Port = z.coerce.number().int().min(0).max(65_535);

const Env = z.object({
  NODE_ENV: z.string().optional(),
  /** Control API, page and chat socket. */
  SANDBOX_PORT: Port.default(4500),
  /** Media host. Links to media hold it: keep it as long as you keep the state. */
  SANDBOX_MEDIA_PORT: Port.default(4501),
  /** Directory where everything is kept over restarts; empty: nothing is. */
  SANDBOX_STATE_DIR: z.string().optional(),
  /** Address that messages are delivered under: privacy addresses (`lid`) or phone numbers (`pn`). */
  SANDBOX_ADDRESSING: z.enum(['lid', 'pn']).default('lid'),
  SANDBOX_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** Whether the first start creates two phones, so that there is somebody to write to. */
  SANDBOX_DEMO_PHONES: z.enum(['true', 'false']).default('true'),
});

export type Config = Readonly<{ sandbox: Omit<SandboxOptions, 'log'>; logLevel: string; demoPhones: boolean }>;

/** @throws Error that says in one line which variable is wrong, or that this is production. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  if (env['NODE_ENV'] === 'production') throw new Error('The sandbox does not start with NODE_ENV=production.');
  const read = Env.safeParse(env);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Environment: ${faults.join('; ')}`);
  }
  const {
    SANDBOX_PORT,
    SANDBOX_MEDIA_PORT,
    SANDBOX_STATE_DIR,
    SANDBOX_ADDRESSING,
    SANDBOX_LOG_LEVEL,
    SANDBOX_DEMO_PHONES,
  } = read.data;
  return {
    sandbox: {
      port: SANDBOX_PORT,
      mediaPort: SANDBOX_MEDIA_PORT,
      addressing: SANDBOX_ADDRESSING,
      ...(SANDBOX_STATE_DIR && { stateDir: SANDBOX_STATE_DIR }),
    },
    logLevel: SANDBOX_LOG_LEVEL,
    demoPhones: SANDBOX_DEMO_PHONES === 'true',
  };
}
