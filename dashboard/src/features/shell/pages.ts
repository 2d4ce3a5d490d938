import { type Action, may } from '@wasel/backend/contract/words';
import {
  Bot,
  ContactRound,
  FileText,
  History,
  Inbox,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Megaphone,
  Send,
  Settings,
  ShieldCheck,
  Smartphone,
  UsersRound,
} from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { meQuery, useMembership } from '@/features/account/account.api';

/** A page by its whole name in the catalogue, and the right that it needs to have something to show. */
export type Place = readonly [href: string, name: string, icon: LucideIcon, needs?: Action];

/** In the order of the navigation. */
const PAGES: readonly Place[] = [
  ['/overview', 'shell.overview', LayoutDashboard],
  ['/inbox', 'shell.inbox', Inbox],
  ['/contacts', 'contacts.title', ContactRound, 'contacts:read'],
  ['/numbers', 'shell.numbers', Smartphone],
  ['/groups', 'groups.title', UsersRound, 'groups:read'],
  ['/broadcasts', 'broadcasts.title', Megaphone, 'broadcasts:read'],
  ['/bulk', 'bulk.title', Send, 'messages:send_bulk'],
  ['/templates', 'templates.title', FileText, 'templates:read'],
  ['/reports', 'reports.title', ListChecks, 'messages:read'],
  ['/automations', 'automations.title', Bot, 'automations:read'],
  ['/activity', 'shell.activity', History, 'audit:read'],
  ['/settings', 'shell.settings', Settings],
];

/** For who runs the installation, whatever he is in an organization. */
const OPERATOR: Place = ['/operator', 'shell.operator', ShieldCheck];

export function usePages(): readonly Place[] {
  const pages = useAllowed(PAGES);
  const { data: me } = useQuery(meQuery());
  return me?.super_admin ? [...pages, OPERATOR] : pages;
}

/** Those that have something to show to who looks. */
export function useAllowed(places: readonly Place[]): readonly Place[] {
  const { data: membership } = useMembership();
  return places.filter(([, , , needs]) => !needs || (membership && may(membership.role, needs)));
}
