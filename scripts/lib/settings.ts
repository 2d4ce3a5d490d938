import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { UserFacingError } from './user-facing-error.ts';

/** What the launcher itself needs from the environment; everything else is handed on to the backend as it is. */
export type Settings = {
  host: string;
  port: number;
  publicUrl: string;
  /** Undefined: Postgres is started here. */
  databaseUrl: string | undefined;
  whatsapp: 'sandbox' | 'live';
};

/** Adds the variables of `.env`, when there is one, to the environment; those that are set already win. */
export function loadEnvFile(root = ROOT): void {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** @throws UserFacingError that names the variable. An empty one counts as not set, as in a copied `.env.example`. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UserFacingError(`PORT is "${env.PORT}": give it a number from 1 to 65535.`);
  }
  const whatsapp = env.WHATSAPP || 'sandbox';
  if (whatsapp !== 'sandbox' && whatsapp !== 'live') {
    throw new UserFacingError(`WHATSAPP is "${whatsapp}": give it "sandbox" or "live".`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port,
    publicUrl: env.PUBLIC_URL || publicUrlOfHost(env) || `http://localhost:${port}`,
    databaseUrl: env.DATABASE_URL || undefined,
    whatsapp,
  };
}

/** Railway tells the name that it gave the service. */
function publicUrlOfHost({ RAILWAY_PUBLIC_DOMAIN }: NodeJS.ProcessEnv): string | undefined {
  return RAILWAY_PUBLIC_DOMAIN ? `https://${RAILWAY_PUBLIC_DOMAIN}` : undefined;
}
