-- Of a change of ours that failed: when somebody let it be. It is then no longer shown at the message that it was to change, and
-- is not sent again.
alter table messages add column dismissed_at timestamptz(3);
grant select (dismissed_at) on messages to authenticated;
