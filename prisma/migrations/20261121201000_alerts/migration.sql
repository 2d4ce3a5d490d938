-- A number that dropped and needs a person, who is told of it, and how.

create table alerts (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  session_id      uuid not null,
  kind            text not null check (kind in ('unreachable', 'proxy_unreachable', 'proxy_refused', 'silent', 'logged_out',
                                                'replaced', 'banned', 'outdated', 'passkey_required', 'keys_unreadable')),
  occurrences     integer not null default 1, -- how often it happened until it was well again
  raised_at       timestamptz(3) not null default now(),
  last_raised_at  timestamptz(3) not null default now(),
  acknowledged_at timestamptz(3),
  acknowledged_by text,                       -- whoever did, as he was called then
  resolved_at     timestamptz(3),
  resolution      text check (resolution in ('recovered', 'withdrawn')), -- well again; or nobody wants it connected any more
  mailed_to       uuid[],                     -- the members who were told by mail, and are told of its end
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  check (num_nulls(resolved_at, resolution) in (0, 2)),
  check (num_nulls(acknowledged_at, acknowledged_by) in (0, 2))
) with (fillfactor = 80);
create unique index alerts_one_open on alerts (organization_id, session_id, kind) where resolved_at is null;
create index alerts_by_session on alerts (organization_id, session_id, kind, resolved_at);
select private.secure_table('alerts');
grant select, insert, update on alerts to app_tenant;
create policy member_access on alerts for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, session_id, kind, occurrences, raised_at, last_raised_at, acknowledged_at, acknowledged_by,
              resolved_at, resolution) on alerts to authenticated;

-- What a member decided about mails. Who decided nothing is told as an owner or admin, in the organization's language.
create table private.alert_settings (
  organization_id uuid not null,
  user_id         uuid not null,
  by_mail         boolean not null,
  language        text not null check (language in ('en', 'he', 'ar')),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references memberships (organization_id, user_id) on delete cascade
);
select private.secure_table('private.alert_settings');
grant select, insert, update on private.alert_settings to app_tenant;

-- Incoming webhooks of Slack, Discord and their like. Whoever knows the address may write there: it is sealed like keys.
create table private.alert_destinations (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 60),
  format          text not null check (format in ('slack', 'discord')),
  host            text not null,              -- what may be shown of the address
  key_id          text not null,
  sealed          bytea not null,
  created_by      text not null,
  created_at      timestamptz(3) not null default now(),
  last_sent_at    timestamptz(3),
  failing_since   timestamptz(3),             -- something was given up, and nothing arrived since
  last_error      text,
  primary key (organization_id, id)
);
select private.secure_table('private.alert_destinations');
grant select (organization_id, id, name, format, host, created_by, created_at, last_sent_at, failing_since, last_error),
      insert, delete on private.alert_destinations to app_tenant;

-- What is to be told where, written in the transaction that makes it true; a node tells it afterwards, at least once.
create table private.alert_deliveries (
  organization_id uuid not null,
  id              uuid not null default gen_random_uuid(),
  destination_id  uuid not null,
  alert_id        uuid,                       -- null: a test
  sequence        bigint generated always as identity,
  text            text not null,
  state           text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts        smallint not null default 0,
  send_after      timestamptz(3) not null default now(), -- also how long the node that tries has for it
  error           text,
  created_at      timestamptz(3) not null default now(),
  settled_at      timestamptz(3),
  primary key (organization_id, id),
  foreign key (organization_id, destination_id) references private.alert_destinations (organization_id, id) on delete cascade,
  foreign key (organization_id, alert_id) references alerts (organization_id, id) on delete cascade
) with (fillfactor = 80);
create index alert_deliveries_waiting on private.alert_deliveries (send_after) where state = 'waiting';
create index alert_deliveries_by_destination on private.alert_deliveries (organization_id, destination_id, sequence);
create index alert_deliveries_by_alert on private.alert_deliveries (organization_id, alert_id);
create index alert_deliveries_settled on private.alert_deliveries (settled_at) where settled_at is not null;
select private.secure_table('private.alert_deliveries');
grant select (organization_id, destination_id, alert_id), insert on private.alert_deliveries to app_tenant;
