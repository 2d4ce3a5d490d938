-- What a number's day is told from. What WhatsApp delivered counts on the day on which it was delivered, whenever it is stored;
-- what is not stored yet, or cannot be, is counted where it waits. Rows may leave the inbox without taking anything along.

alter table private.session_inbox
  add column inbound      boolean not null default false, -- somebody wrote to the number: it counts
  add column set_aside_at timestamptz(3);                 -- the database refused it: it is kept, and tried again at the next open
grant select (inbound, received_at, stored_at, set_aside_at) on private.session_inbox to app_tenant;
