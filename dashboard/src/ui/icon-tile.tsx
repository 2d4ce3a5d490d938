import type { LucideIcon } from 'lucide-react';

/** What kind of thing a row is about; its words say the same. */
export const IconTile = ({ icon: Icon }: { icon: LucideIcon }) => (
  <span aria-hidden className="grid size-10 shrink-0 place-items-center rounded-lg bg-raised text-quiet">
    <Icon className="size-5" />
  </span>
);
