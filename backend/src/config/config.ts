import { tmpdir } from 'node:os';
import { join } from 'node:path';
import proxyAddr from 'proxy-addr';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** Nobody on the internet comes from there: proxies of hosts do, Railway's from the range of carriers (100.64.0.0/10). */
const PRIVATE_NETWORKS = ['loopback', 'linklocal', 'uniquelocal', '100.64.0.0/10'];

function areNetworks(names: readonly string[]): boolean {
  try {
    proxyAddr.compile([...names]);
    return true;
  } catch {
    return false;
  }
}
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
    TRUSTED_PROXIES: list
      .refine(areNetworks, 'must be addresses and networks, as 10.0.0.0/8')
      .default(PRIVATE_NETWORKS),
    CLIENT_ADDRESS_HEADER: z
      .string()
      .regex(/^[\w-]+$/)
      .toLowerCase()
      .optional(),
    // Set by the hosts themselves.
    RAILWAY_PROJECT_ID: z.string().optional(),
    FLY_APP_NAME: z.string().optional(),
    RENDER: z.string().optional(),
    MEDIA_STORE: z.enum(['disk', 's3']).default('disk'),
    MEDIA_DIR: z.string().optional(),
    MEDIA_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    MEDIA_S3_REGION: z.string().default('us-east-1'),
    MEDIA_S3_BUCKET: z.string().optional(),
    MEDIA_S3_ACCESS_KEY_ID: z.string().optional(),
    MEDIA_S3_SECRET_ACCESS_KEY: z.string().optional(),
    MEDIA_S3_PATH_STYLE: flag.optional(),
    DELETION_GRACE_DAYS: z.coerce.number().min(0).max(90).default(7),
    WEBHOOK_LOG_DAYS: z.coerce.number().int().min(2).max(365).default(30),
    SESSIONS_MAX: z.coerce.number().int().min(0).default(500),
    SESSION_DEVICE_NAME: z.string().min(1).max(50).default('Wasel'),
    OUTBOX_MAX_PER_MINUTE: z.coerce.number().int().min(1).optional(),
    OUTBOX_MIN_GAP_MS: z.coerce.number().int().min(0).optional(),
    OUTBOX_NEW_CHATS_PER_DAY: z.coerce.number().int().min(0).optional(),
    ALERTS_SLACK_URL: z.url({ protocol: /^https?$/ }).optional(),
    SENTRY_DSN: z.url({ protocol: /^https?$/ }).optional(),
    OUTGOING_ALLOWED_NETWORKS: networks.default([]),
    METRICS_TOKEN: z.string().min(16).optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/protobuf', 'http/json']).default('http/protobuf'),
    OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).default('otlp'),
    OTEL_SDK_DISABLED: flag.default(false),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.string().max(200).optional(),
    OPERATOR_EMAIL: z.email().optional(),
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
    for (const name of ['MEDIA_S3_BUCKET', 'MEDIA_S3_ACCESS_KEY_ID', 'MEDIA_S3_SECRET_ACCESS_KEY'] as const)
      if (env.MEDIA_STORE === 's3' && !env[name]) refuse(name, 'is needed with MEDIA_STORE=s3');
    if (env.WHATSAPP_SANDBOX_URL && env.NODE_ENV === 'production')
      refuse('WHATSAPP_SANDBOX_URL', 'must not be set in production');
    // People's numbers are banned for haste; only a process that talks to the sandbox may be faster.
    if (!env.WHATSAPP_SANDBOX_URL && (env.OUTBOX_MAX_PER_MINUTE ?? 0) > DEFAULT_PACE.maxPerMinute)
      refuse('OUTBOX_MAX_PER_MINUTE', `may exceed ${DEFAULT_PACE.maxPerMinute} only with WHATSAPP_SANDBOX_URL`);
    if (!env.WHATSAPP_SANDBOX_URL && (env.OUTBOX_MIN_GAP_MS ?? Infinity) < DEFAULT_PACE.minGapMs)
      refuse('OUTBOX_MIN_GAP_MS', `may be below ${DEFAULT_PACE.minGapMs} only with WHATSAPP_SANDBOX_URL`);
    if (!env.WHATSAPP_SANDBOX_URL && (env.OUTBOX_NEW_CHATS_PER_DAY ?? 0) > NEW_CHATS_PER_DAY)
      refuse('OUTBOX_NEW_CHATS_PER_DAY', `may exceed ${NEW_CHATS_PER_DAY} only with WHATSAPP_SANDBOX_URL`);
  });

export type S3Settings = Readonly<{
  /** Undefined: Amazon's own. */
  endpoint: string | undefined;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket stands in the path and not in the name of the host. */
  pathStyle: boolean;
}>;

/** How fast one number sends unless told otherwise: what a hurried person could do by hand. */
const DEFAULT_PACE = { maxPerMinute: 20, minGapMs: 3000 } as const;
/** Chats that one number begins in a day unless told otherwise; docs/adr/0015-new-chats-wait-apart.md. */
const NEW_CHATS_PER_DAY = 50;

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
    /** Whose X-Forwarded-For is believed: addresses, networks, and Express' names for some. */
    trustedProxies: readonly string[];
    /** In lower case; a header that a trusted proxy always sets to the caller's address. Undefined: X-Forwarded-For. */
    clientAddressHeader: string | undefined;
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
  abstract readonly outbox: Readonly<{
    maxPerMinute: number;
    minGapMs: number;
    /** Null, at the sandbox only: as many as a number likes, also a new one. */
    newChatsPerDay: number | null;
  }>;
  abstract readonly mail: Readonly<{
    /** Undefined: no mail leaves. */
    smtp: Readonly<{ url: string; from: string }> | undefined;
    /** Mails are shown on a page instead, to whoever opens it: only where nothing is real. */
    mailbox: boolean;
  }>;
  /** Where people turn whose organization was suspended; undefined where nobody said. */
  abstract readonly operator: Readonly<{ email: string | undefined }>;
  abstract readonly organizations: Readonly<{ deletionGraceDays: number }>;
  abstract readonly media: Readonly<{
    /** Where files are kept; with S3, what is under way to or from it. */
    dir: string;
    /** False: nobody said where, and it is a directory that may be emptied. */
    chosen: boolean;
    /** Undefined: files are kept in `dir`. */
    s3: S3Settings | undefined;
  }>;
  /** Where failures of this process are told; nowhere by default. */
  abstract readonly alerts: Readonly<{ slackUrl: string | undefined; sentryDsn: string | undefined }>;
  /** Private networks that addresses which people give us (proxies, webhooks) may lead to, as `10.1.0.0/16`. */
  abstract readonly outgoing: Readonly<{ allowedNetworks: readonly string[] }>;
  /** For how many days what was told to customers' servers can be looked at and replayed. */
  abstract readonly webhooks: Readonly<{ logDays: number }>;
  /** Who knows the token may read /metrics; without one, nobody. */
  abstract readonly metrics: Readonly<{ token: string | undefined }>;
  /** Undefined: nothing is traced. Where to and how much, OpenTelemetry's SDK reads by itself. */
  abstract readonly tracing: Readonly<{ protocol: 'http/protobuf' | 'http/json' }> | undefined;
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
      trustedProxies: e.TRUSTED_PROXIES,
      clientAddressHeader: e.CLIENT_ADDRESS_HEADER ?? headerOfHost(e),
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
      newChatsPerDay: e.OUTBOX_NEW_CHATS_PER_DAY ?? (e.WHATSAPP_SANDBOX_URL ? null : NEW_CHATS_PER_DAY),
    },
    mail: {
      smtp: e.SMTP_URL ? { url: e.SMTP_URL, from: e.MAIL_FROM ?? '' } : undefined,
      mailbox: e.SMTP_URL === undefined && e.WHATSAPP_SANDBOX_URL !== undefined,
    },
    organizations: { deletionGraceDays: e.DELETION_GRACE_DAYS },
    operator: { email: e.OPERATOR_EMAIL ?? addressIn(e.MAIL_FROM) },
    media: { dir: e.MEDIA_DIR ?? join(tmpdir(), 'wasel-media'), chosen: e.MEDIA_DIR !== undefined, s3: s3Of(e) },
    alerts: { slackUrl: e.ALERTS_SLACK_URL, sentryDsn: e.SENTRY_DSN },
    outgoing: { allowedNetworks: e.OUTGOING_ALLOWED_NETWORKS },
    webhooks: { logDays: e.WEBHOOK_LOG_DAYS },
    metrics: { token: e.METRICS_TOKEN },
    tracing: tracingOf(e),
    log: { level: e.LOG_LEVEL, pretty: e.LOG_PRETTY },
  });
}

/** Of a sender, as in `Wasel <wasel@example.com>`. */
const addressIn = (sender: string | undefined): string | undefined => /[^\s<>]+@[^\s<>]+/.exec(sender ?? '')?.[0];

function authOf(e: z.infer<typeof Env>): Config['auth'] {
  if (!e.SUPABASE_URL) return { provider: 'embedded', secret: e.AUTH_SECRET ?? '' };
  return {
    provider: 'supabase',
    url: e.SUPABASE_URL,
    anonKey: e.SUPABASE_ANON_KEY ?? '',
    jwtSecret: e.SUPABASE_JWT_SECRET,
  };
}

function s3Of(e: z.infer<typeof Env>): S3Settings | undefined {
  if (e.MEDIA_STORE !== 's3') return undefined;
  return {
    endpoint: e.MEDIA_S3_ENDPOINT?.replace(/\/$/, ''),
    region: e.MEDIA_S3_REGION,
    bucket: e.MEDIA_S3_BUCKET ?? '',
    accessKeyId: e.MEDIA_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: e.MEDIA_S3_SECRET_ACCESS_KEY ?? '',
    pathStyle: e.MEDIA_S3_PATH_STYLE ?? e.MEDIA_S3_ENDPOINT !== undefined,
  };
}

/** What is known of hosts that we have guides for; docs/operating/hosting.md says from where. */
function headerOfHost(e: z.infer<typeof Env>): string | undefined {
  if (e.RAILWAY_PROJECT_ID) return 'x-real-ip';
  if (e.FLY_APP_NAME) return 'fly-client-ip';
  return e.RENDER ? 'true-client-ip' : undefined;
}

function tracingOf(e: z.infer<typeof Env>): Config['tracing'] {
  const to = e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? e.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (to === undefined || e.OTEL_SDK_DISABLED || e.OTEL_TRACES_EXPORTER === 'none') return undefined;
  return { protocol: e.OTEL_EXPORTER_OTLP_PROTOCOL };
}
