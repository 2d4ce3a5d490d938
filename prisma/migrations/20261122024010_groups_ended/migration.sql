-- A group that is no more is known still, with why, as far as WhatsApp says.
alter table groups
  add column ended_at   timestamptz(3),
  add column end_reason text;
grant select (ended_at, end_reason) on groups to authenticated;
