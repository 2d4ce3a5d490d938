/**
 * How many chats a number begins in a day. WhatsApp publishes no figure and restricts numbers that write to many strangers,
 * the sooner the newer they are; the table is our judgement of what a person does by hand, and on the careful side.
 */

/** Until so many days after it was linked, a number begins at most so many chats a day; afterwards what it is set to. */
export const WARM_UP = [
  { days: 3, newChats: 10 },
  { days: 7, newChats: 20 },
  { days: 14, newChats: 30 },
  { days: 30, newChats: 40 },
] as const;

const DAY_MS = 86_400_000;

/** `warming_up`: the number is new; `setting`: a person decided; `default`: nobody did. */
export type NewChatsBecause = 'warming_up' | 'setting' | 'default';

export type NewChatAllowance = Readonly<{ perDay: number; because: NewChatsBecause }>;

/**
 * Null when there is no limit.
 * @param usual of the node; null at the sandbox: new numbers are not held back either
 * @param setting what a person decided for the number
 */
export function newChatAllowance(
  usual: number | null,
  { setting, linkedAt }: Readonly<{ setting: number | null; linkedAt: Date }>,
  now: Date,
): NewChatAllowance | null {
  const decided: NewChatAllowance | null =
    setting !== null
      ? { perDay: setting, because: 'setting' }
      : usual !== null
        ? { perDay: usual, because: 'default' }
        : null;
  if (usual === null || !decided) return decided;
  const days = (now.getTime() - linkedAt.getTime()) / DAY_MS;
  const warmUp = WARM_UP.find((step) => days < step.days);
  return warmUp && warmUp.newChats < decided.perDay ? { perDay: warmUp.newChats, because: 'warming_up' } : decided;
}

/** How long no chat begins when WhatsApp says that none may, and not until when. */
export const UNTIMED_LOCK_MS = 3_600_000;

/** What WhatsApp lets a number begin. */
export type NewChatQuota = Readonly<{ total: number; used: number; endsAt: Date }>;

/** Why WhatsApp lets a number begin no chat now, and until when; null when it does. */
export function refusedByWhatsApp(
  { reachOutUntil, quota }: Readonly<{ reachOutUntil: Date | null; quota: NewChatQuota | null }>,
  now: Date,
): Readonly<{ reason: 'reach_out_limited' | 'new_chat_quota'; until: Date }> | null {
  if (reachOutUntil && reachOutUntil > now) return { reason: 'reach_out_limited', until: reachOutUntil };
  if (quota && quota.used >= quota.total && quota.endsAt > now)
    return { reason: 'new_chat_quota', until: quota.endsAt };
  return null;
}
