-- How a number looks here, how fast it sends, and what it lets others see.

alter table sessions
  add column color          text,
  add column max_per_minute smallint, -- null: as fast as is safe
  add column mark_online    boolean not null default true,
  add column read_receipts  boolean not null default true,
  add column import_history boolean not null default true,
  add constraint sessions_color check (color in ('green', 'blue', 'violet', 'rose', 'amber', 'slate')) not valid,
  add constraint sessions_max_per_minute check (max_per_minute between 1 and 20) not valid;

grant select (color, max_per_minute, mark_online, read_receipts, import_history) on sessions to authenticated;
