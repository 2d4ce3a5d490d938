'use client';
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Modal } from './modal';

export type PaletteItem = Readonly<{
  /** Unique in the palette. */
  id: string;
  label: string;
  /** Said beside it, quietly. */
  detail?: React.ReactNode;
  icon: React.ReactNode;
  run: () => void;
}>;
export type PaletteGroup = Readonly<{ title: string; items: readonly PaletteItem[] }>;

/**
 * One field that leads everywhere: arrows choose, Enter goes, Escape leaves. What it offers is filtered by whoever
 * offers it.
 */
export function CommandPalette({
  title,
  placeholder,
  empty,
  groups,
  search,
  onSearch,
  leave,
}: {
  title: string;
  placeholder: string;
  /** Said when no group has an item. */
  empty: string;
  groups: readonly PaletteGroup[];
  search: string;
  onSearch: (search: string) => void;
  leave: () => void;
}) {
  return (
    <Modal
      aria-label={title}
      leave={leave}
      className="top-[8dvh] w-[calc(100%-1.5rem)] max-w-xl overflow-hidden rounded-2xl border border-line"
    >
      <Command shouldFilter={false} label={title} loop>
        <div className="flex items-center gap-3 border-b border-line px-5">
          <Search className="size-5 shrink-0 text-quiet" aria-hidden />
          <Command.Input
            value={search}
            onValueChange={onSearch}
            placeholder={placeholder}
            className="min-h-14 w-full min-w-0 bg-transparent text-base outline-none placeholder:text-quiet"
          />
        </div>
        <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
          <Command.Empty className="px-3 py-8 text-center text-sm text-quiet">{empty}</Command.Empty>
          {groups
            .filter(({ items }) => items.length > 0)
            .map(({ title: heading, items }) => (
              <Command.Group
                key={heading}
                heading={heading}
                className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-quiet"
              >
                {items.map(({ id, label, detail, icon, run }) => (
                  <Command.Item
                    key={id}
                    value={id}
                    onSelect={run}
                    className="flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm data-[selected=true]:bg-raised"
                  >
                    <span className="text-quiet">{icon}</span>
                    <span className="min-w-0 grow truncate">
                      <bdi>{label}</bdi>
                    </span>
                    {detail ? <span className="shrink-0 text-quiet">{detail}</span> : null}
                  </Command.Item>
                ))}
              </Command.Group>
            ))}
        </Command.List>
      </Command>
    </Modal>
  );
}
