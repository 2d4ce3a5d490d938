import { Inbox, LayoutDashboard, Settings, Smartphone } from 'lucide-react';

/** The pages, in the order of the navigation, by their names in the catalogue `shell`. */
export const PAGES = [
  ['/overview', 'overview', LayoutDashboard],
  ['/inbox', 'inbox', Inbox],
  ['/numbers', 'numbers', Smartphone],
  ['/settings', 'settings', Settings],
] as const;
