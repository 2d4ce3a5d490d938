import { z } from 'zod';

export const HealthView = z.object({
  status: z.literal('ok'),
  version: z.string(),
  /** This process among the nodes. */
  node: z.string(),
  uptime_seconds: z.number().int(),
  /** Numbers that are connected on this node. */
  active_sessions: z.number().int(),
});
export type HealthView = z.infer<typeof HealthView>;

const Check = z.object({ ok: z.boolean(), detail: z.string().optional() });
export type Check = z.infer<typeof Check>;

export const ReadinessView = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.object({
    database: Check,
    /** Whether the database has every migration of this build. */
    migrations: Check,
    signals: Check,
  }),
});
export type ReadinessView = z.infer<typeof ReadinessView>;
