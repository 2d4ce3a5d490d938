import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

const networks = list.refine(
  (all) => all.every((one) => ipaddr.isValidCIDR(one)),
  'must be networks, as in 10.1.0.0/16',
);

/** `id:key[,id:key]`: 32 bytes in base64 each; the first seals, all open. */
const encryptionKeys = z.string().transform((value, context) => {
  const keys = value.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.trim().split(':');
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  if (keys.every(({ id, key }) => /^[\w-]{1,32}$/.test(id) && key.length === 32)) return keys;
  context.addIssue({
    code: 'custom',
    message: 'must be id:key pairs, each key 32 bytes in base64 (openssl rand -base64 32)',
  });
  return z.NEVER;
});

const Env = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    PUBLIC_URL: z.url().optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(100).default(5),
    ENCRYPTION_KEYS: encryptionKeys,
    AUTH_SECRET: z.string().min(32).optional(),
    SUPABASE_URL: z.url().optional(),
    SUPABASE_ANON_KEY: z.string().optional(),
    SUPABASE_JWT_SECRET: z.string().min(16).optional(),
    WHATSAPP_SANDBOX_URL: z.url().optional(),
    DASHBOARD_URL: z.url().optional(),
    RATE_LIMIT_FACTOR: z.coerce.number().min(0.01).max(10_000).default(1),
    ALLOWED_ORIGINS: list.default([]),
    MEDIA_DIR: z.string().default(join(tmpdir(), 'wasel-media')),
    SESSIONS_MAX: z.coerce.number().int().min(0).default(500),
    SESSION_DEVICE_NAME: z.string().min(1).max(50).default('Wasel'),
    OUTBOX_MAX_PER_MINUTE: z.coerce.number().int().min(1).optional(),
    OUTBOX_MIN_GAP_MS: z.coerce.number().int().min(0).optional(),
    ALERTS_SLACK_URL: z.url({ protocol: /^https?$/ }).optional(),
    SENTRY_DSN: z.url({ protocol: /^https?$/ }).optional(),
    OUTGOING_ALLOWED_NETWORKS: networks.default([]),
    METRICS_TOKEN: z.string().min(16).optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.string().max(200).optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    LOG_PRETTY: flag.default(false),
  })
  .superRefine((env, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (!env.SUPABASE_URL && !env.AUTH_SECRET)
      refuse('AUTH_SECRET', 'is needed unless SUPABASE_URL is set (at least 32 characters)');
    if (env.SUPABASE_URL && !env.SUPABASE_ANON_KEY)
      refuse('SUPABASE_ANON_KEY', 'is needed with SUPABASE_URL: browsers sign in with it');
    if (env.SMTP_URL && !env.MAIL_FROM)
      refuse('MAIL_FROM', 'is needed with SMTP_URL: the sender, as in Wasel <wasel@example.com>');
    if (env.WHATSAPP_SANDBOX_URL && env.NODE_ENV === 'production')
      refuse('WHATSAPP_SANDBOX_URL', 'must not be set in production');
    // People's numbers are banned for haste; only a process that talks to the sandbox may be faster.
    if (!env.WHATSAPP_SANDBOX_URL && (env.OUTBOX_MAX_PER_MINUTE ?? 0) > DEFAULT_PACE.maxPerMinute)
      refuse('OUTBOX_MAX_PER_MINUTE', `may exceed ${DEFAULT_PACE.maxPerMinute} only with WHATSAPP_SANDBOX_URL`);
    if (!env.WHATSAPP_SANDBOX_URL && (env.OUTBOX_MIN_GAP_MS ?? Infinity) < DEFAULT_PACE.minGapMs)
      refuse('OUTBOX_MIN_GAP_MS', `may be below ${DEFAULT_PACE.minGapMs} only with WHATSAPP_SANDBOX_URL`);
  });

/** How fast one number sends unless told otherwise: what a hurried person could do by hand. */
const DEFAULT_PACE = { maxPerMinute: 20, minGapMs: 3000 } as const;

/** The settings of this process; also the token to inject them by. Frozen: nothing changes after start. */
export abstract class Config {
  abstract readonly production: boolean;
  abstract readonly http: Readonly<{
    host: string;
    port: number;
    /** Where browsers reach us; undefined means whatever host they asked for. */
    publicUrl: string | undefined;
    /** What links in mails and invitations begin with. */
    address: string;
    allowedOrigins: readonly string[];
    /** Multiplies every rate limit. */
    rateLimitFactor: number;
    /** The dashboard's own process; pages are fetched from there. Undefined: API only. */
    dashboardUrl: string | undefined;
  }>;
  abstract readonly database: Readonly<{ url: string; poolMax: number }>;
  abstract readonly encryption: Readonly<{ keys: readonly { id: string; key: Buffer }[] }>;
  abstract readonly auth:
    | Readonly<{ provider: 'embedded'; secret: string }>
    | Readonly<{ provider: 'supabase'; url: string; anonKey: string; jwtSecret: string | undefined }>;
  abstract readonly whatsapp: Readonly<{
    /** Control URL of the sandbox; undefined means WhatsApp itself. */
    sandboxUrl: string | undefined;
    /** Shown on the phone under linked devices. */
    deviceName: string;
    /** Most sessions this node runs; 0 makes it answer the API only. */
    sessionsMax: number;
  }>;
  abstract readonly outbox: Readonly<{ maxPerMinute: number; minGapMs: number }>;
  abstract readonly mail: Readonly<{
    /** Undefined: no mail leaves. */
    smtp: Readonly<{ url: string; from: string }> | undefined;
    /** Mails are shown on a page instead, to whoever opens it: only where nothing is real. */
    mailbox: boolean;
  }>;
  abstract readonly media: Readonly<{ dir: string }>;
  /** Where failures of this process are told; nowhere by default. */
  abstract readonly alerts: Readonly<{ slackUrl: string | undefined; sentryDsn: string | undefined }>;
  /** Private networks that addresses which people give us (proxies, webhooks) may lead to, as `10.1.0.0/16`. */
  abstract readonly outgoing: Readonly<{ allowedNetworks: readonly string[] }>;
  /** Who knows the token may read /metrics; without one, nobody. */
  abstract readonly metrics: Readonly<{ token: string | undefined }>;
  abstract readonly log: Readonly<{ level: string; pretty: boolean }>;
}

/** Reads the environment once, at start. Throws one error that lists every fault, so that a deploy fails whole. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = Env.safeParse(given);
  if (!read.success) throw new Error(`The environment is not right:\n${z.prettifyError(read.error)}`);
  const e = read.data;
  return Object.freeze({
    production: e.NODE_ENV === 'production',
    http: {
      host: e.HOST,
      port: e.PORT,
      publicUrl: e.PUBLIC_URL?.replace(/\/$/, ''),
      address: e.PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${e.PORT}`,
      allowedOrigins: e.ALLOWED_ORIGINS,
      rateLimitFactor: e.RATE_LIMIT_FACTOR,
      dashboardUrl: e.DASHBOARD_URL,
    },
    database: { url: e.DATABASE_URL, poolMax: e.DATABASE_POOL_MAX },
    encryption: { keys: e.ENCRYPTION_KEYS },
    auth: authOf(e),
    whatsapp: {
      sandboxUrl: e.WHATSAPP_SANDBOX_URL?.replace(/\/$/, ''),
      deviceName: e.SESSION_DEVICE_NAME,
      sessionsMax: e.SESSIONS_MAX,
    },
    outbox: {
      maxPerMinute: e.OUTBOX_MAX_PER_MINUTE ?? DEFAULT_PACE.maxPerMinute,
      minGapMs: e.OUTBOX_MIN_GAP_MS ?? DEFAULT_PACE.minGapMs,
    },
    mail: {
      smtp: e.SMTP_URL ? { url: e.SMTP_URL, from: e.MAIL_FROM ?? '' } : undefined,
      mailbox: e.SMTP_URL === undefined && e.WHATSAPP_SANDBOX_URL !== undefined,
    },
    media: { dir: e.MEDIA_DIR },
    alerts: { slackUrl: e.ALERTS_SLACK_URL, sentryDsn: e.SENTRY_DSN },
    outgoing: { allowedNetworks: e.OUTGOING_ALLOWED_NETWORKS },
    metrics: { token: e.METRICS_TOKEN },
    log: { level: e.LOG_LEVEL, pretty: e.LOG_PRETTY },
  });
}

function authOf(e: z.infer<typeof Env>): Config['auth'] {
  if (!e.SUPABASE_URL) return { provider: 'embedded', secret: e.AUTH_SECRET ?? '' };
  return {
    provider: 'supabase',
    url: e.SUPABASE_URL,
    anonKey: e.SUPABASE_ANON_KEY ?? '',
    jwtSecret: e.SUPABASE_JWT_SECRET,
  };
}
