-- What a person decides about a number, and what is to be known of its health.

alter table sessions
  add column reject_calls      boolean not null default false,
  add column reject_calls_text text check (length(reject_calls_text) between 1 and 1000), -- what the caller gets; null: nothing
  -- Nothing leaves between these times of day, in this zone; over midnight when the end is before the beginning.
  add column quiet_from        text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  add column quiet_to          text check (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  add column quiet_time_zone   text,
  add column state_since       timestamptz(3) not null default now(),
  add column last_error        text,           -- the reason that last stood beside a state that was no rest
  add column last_error_at     timestamptz(3),
  add constraint quiet_hours_whole check (num_nulls(quiet_from, quiet_to, quiet_time_zone) in (0, 3) and quiet_from <> quiet_to);

grant select (reject_calls, reject_calls_text, quiet_from, quiet_to, quiet_time_zone, state_since, last_error, last_error_at)
  on sessions to authenticated;

-- A number's newest messages each way, and its history.
create index messages_by_session on messages (organization_id, session_id, direction, id desc);

-- What a number did on one day of its organization's time zone. `received` counts what WhatsApp delivered of people's
-- messages, `stored` those that became one here: less by what was delivered twice.
create table session_days (
  organization_id uuid not null,
  session_id      uuid not null,
  day             date not null,
  received        integer not null default 0,
  stored          integer not null default 0,
  reconnects      integer not null default 0, -- how often it came back after its line was lost
  primary key (organization_id, session_id, day),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 80);
select private.secure_table('session_days');
grant select, insert, update on session_days to app_tenant;
create policy member_access on session_days for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, session_id, day, received, stored, reconnects) on session_days to authenticated;
