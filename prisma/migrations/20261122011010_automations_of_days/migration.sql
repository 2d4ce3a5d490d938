-- Automations that act on days of contacts, and what they are about to tell.

alter table automations
  add column day_name text,                   -- of contact_day: which of a contact's days
  add column plan_at timestamptz(3);          -- of contact_day: when a node looks for days that come
alter table automations add constraint automations_day_name check (length(day_name) between 1 and 50) not valid;
grant select (day_name) on automations to authenticated;

alter table notifications add column contact_day_id uuid; -- told only while somebody has that day
