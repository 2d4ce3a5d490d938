import { type Action, may } from '@wasel/backend/contract/words';
import {
  History,
  Inbox,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Settings,
  Smartphone,
  UsersRound,
} from 'lucide-react';
import { useMembership } from '@/features/account/account.api';

/** A page by its whole name in the catalogue, and the right that it needs to have something to show. */
type Place = readonly [href: string, name: string, icon: LucideIcon, needs?: Action];

/** In the order of the navigation. */
const PAGES: readonly Place[] = [
  ['/overview', 'shell.overview', LayoutDashboard],
  ['/inbox', 'shell.inbox', Inbox],
  ['/numbers', 'shell.numbers', Smartphone],
  ['/activity', 'shell.activity', History, 'audit:read'],
  ['/settings', 'shell.settings', Settings],
];

/** Those that the settings lead to. */
const SETTINGS_PAGES: readonly Place[] = [
  ['/settings/members', 'members.title', UsersRound, 'members:read'],
  ['/settings/api-keys', 'apiKeys.title', KeyRound, 'api_keys:manage'],
];

export const usePages = (): readonly Place[] => useAllowed(PAGES);
export const useSettingsPages = (): readonly Place[] => useAllowed(SETTINGS_PAGES);

/** Those that have something to show to who looks. */
function useAllowed(places: readonly Place[]): readonly Place[] {
  const { data: membership } = useMembership();
  return places.filter(([, , , needs]) => !needs || (membership && may(membership.role, needs)));
}
