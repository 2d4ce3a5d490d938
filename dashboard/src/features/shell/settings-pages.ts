import { Bell, BellRing, KeyRound, UsersRound, Webhook } from 'lucide-react';
import { type Place, useAllowed } from './pages';

/** Those that the settings and the bell lead to. */
const SETTINGS_PAGES: readonly Place[] = [
  ['/settings/members', 'members.title', UsersRound, 'members:read'],
  ['/settings/api-keys', 'apiKeys.title', KeyRound, 'api_keys:manage'],
  ['/settings/webhooks', 'webhooks.title', Webhook, 'webhooks:manage'],
  ['/alerts', 'alerts.title', Bell, 'alerts:read'],
  ['/settings/alerts', 'alertSettings.title', BellRing, 'alerts:subscribe'],
];

export const useSettingsPages = (): readonly Place[] => useAllowed(SETTINGS_PAGES);
