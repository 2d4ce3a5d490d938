import type { SendSettings } from './outbox.settings.ts';

export const asleepUntil = (_settings: SendSettings, _phone: string | null, _now: Date): Date | null => null;
