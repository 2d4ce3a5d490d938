-- How a number looks here, how fast it sends, and what it lets others see.

alter table sessions
  add column color          text check (color in ('green', 'blue', 'violet', 'rose', 'amber', 'slate')),
  add column max_per_minute smallint check (max_per_minute between 1 and 20), -- null: as fast as is safe
  add column mark_online    boolean not null default true,
  add column read_receipts  boolean not null default true,
  add column import_history boolean not null default true;

grant select (color, max_per_minute, mark_online, read_receipts, import_history) on sessions to authenticated;
