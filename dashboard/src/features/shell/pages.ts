import { type Action, may } from '@wasel/backend/contract';
import { History, Inbox, LayoutDashboard, type LucideIcon, Settings, Smartphone } from 'lucide-react';
import { useMembership } from '@/features/account/account.api';

type Place = readonly [href: string, name: string, icon: LucideIcon, needs?: Action];

/** The pages, in the order of the navigation, by their names in the catalogue `shell`. */
const PAGES: readonly Place[] = [
  ['/overview', 'overview', LayoutDashboard],
  ['/inbox', 'inbox', Inbox],
  ['/numbers', 'numbers', Smartphone],
  ['/activity', 'activity', History, 'audit:read'],
  ['/settings', 'settings', Settings],
];

/** Those that have something to show to who looks. */
export function usePages(): readonly Place[] {
  const { data: membership } = useMembership();
  return PAGES.filter(([, , , needs]) => !needs || (membership && may(membership.role, needs)));
}
