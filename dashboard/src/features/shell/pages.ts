import { Inbox, KeyRound, LayoutDashboard, Settings, Smartphone, UsersRound } from 'lucide-react';

/** The pages, in the order of the navigation, by their names in the catalogue `shell`. */
export const PAGES = [
  ['/overview', 'overview', LayoutDashboard],
  ['/inbox', 'inbox', Inbox],
  ['/numbers', 'numbers', Smartphone],
  ['/settings', 'settings', Settings],
] as const;

/** Pages that the settings lead to, by their whole names in the catalogue. */
export const SETTINGS_PAGES = [
  ['/settings/members', 'members.title', UsersRound],
  ['/settings/api-keys', 'apiKeys.title', KeyRound],
] as const;
