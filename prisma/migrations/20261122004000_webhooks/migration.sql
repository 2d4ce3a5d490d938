-- What happened, told to customers' servers.

-- Where an organization is told. What is due is told by the endpoint, so that whoever looks for work reads endpoints that have
-- some and no deliveries of those that rest.
create table private.webhook_endpoints (
  organization_id  uuid not null references organizations (id) on delete cascade,
  id               uuid not null,
  url              text not null check (length(url) <= 2000),
  description      text not null default '' check (length(description) <= 200),
  event_types      text[],                     -- none: all, also those to come
  enabled          boolean not null default true,
  disabled_reason  text check (disabled_reason in ('person', 'gone', 'failing')),
  disabled_at      timestamptz(3),
  created_by       text not null,
  created_at       timestamptz(3) not null default now(),
  last_success_at  timestamptz(3),
  last_failure_at  timestamptz(3),
  last_error       text,
  last_duration_ms integer,
  failing_since    timestamptz(3),             -- the first failure after which nothing arrived
  failures         integer not null default 0, -- in a row
  paused_until     timestamptz(3),             -- it asked for patience, or failed too often
  due_at           timestamptz(3),             -- no later than the moment at which it has something to be told; null: nothing waits
  alerted_at       timestamptz(3),             -- people were told that it fails
  primary key (organization_id, id),
  check (enabled = (disabled_reason is null)),
  check (enabled = (disabled_at is null))
) with (fillfactor = 70);
create index webhook_endpoints_due on private.webhook_endpoints (due_at) where due_at is not null and enabled;
create index webhook_endpoints_failing on private.webhook_endpoints (failing_since) where failing_since is not null;
select private.secure_table('private.webhook_endpoints');
grant select, insert, update, delete on private.webhook_endpoints to app_tenant;

-- What signs. After a rotation the one before signs beside it until it expires.
create table private.webhook_secrets (
  organization_id uuid not null,
  id              uuid not null,
  endpoint_id     uuid not null,
  key_id          text not null,
  sealed          bytea not null,
  created_at      timestamptz(3) not null default now(),
  expires_at      timestamptz(3),              -- null: the current one
  primary key (organization_id, id),
  foreign key (organization_id, endpoint_id) references private.webhook_endpoints (organization_id, id) on delete cascade
);
create unique index webhook_secrets_current on private.webhook_secrets (organization_id, endpoint_id) where expires_at is null;
create index webhook_secrets_by_endpoint on private.webhook_secrets (organization_id, endpoint_id);
select private.secure_table('private.webhook_secrets');
grant select (organization_id, id, endpoint_id, created_at, expires_at), insert, update (expires_at), delete
   on private.webhook_secrets to app_tenant;

-- A fact as it is told, once for all endpoints: every try and every replay sends these very bytes.
create table private.webhook_events (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,               -- the fact's own
  type            text not null,
  body            text not null,
  occurred_at     timestamptz(3) not null,
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, id)
);
create index webhook_events_by_age on private.webhook_events (created_at);
select private.secure_table('private.webhook_events');
grant select, insert on private.webhook_events to app_tenant;

-- One event at one endpoint.
create table private.webhook_deliveries (
  organization_id uuid not null,
  id              uuid not null,
  endpoint_id     uuid not null,
  event_id        uuid not null,
  type            text not null,
  sequence        bigint generated always as identity,
  state           text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts        smallint not null default 0, -- since it was written or replayed
  next_attempt_at timestamptz(3) not null default now(),
  claimed_until   timestamptz(3),              -- so long a node has for the try that it has begun
  expires_at      timestamptz(3) not null,     -- after it, nothing is tried again
  last_status     smallint,
  last_error      text,
  created_at      timestamptz(3) not null default now(),
  settled_at      timestamptz(3),
  replayed_at     timestamptz(3),
  primary key (organization_id, id),
  foreign key (organization_id, endpoint_id) references private.webhook_endpoints (organization_id, id) on delete cascade,
  foreign key (organization_id, event_id) references private.webhook_events (organization_id, id) on delete cascade,
  check ((state = 'waiting') = (settled_at is null))
) with (fillfactor = 80);
create unique index webhook_deliveries_once on private.webhook_deliveries (organization_id, event_id, endpoint_id);
create index webhook_deliveries_waiting on private.webhook_deliveries (organization_id, endpoint_id, next_attempt_at, sequence)
  where state = 'waiting';
create index webhook_deliveries_claimed on private.webhook_deliveries (organization_id, endpoint_id) where claimed_until is not null;
create index webhook_deliveries_expiring on private.webhook_deliveries (expires_at) where state = 'waiting';
create index webhook_deliveries_by_endpoint on private.webhook_deliveries (organization_id, endpoint_id, id);
create index webhook_deliveries_failed on private.webhook_deliveries (organization_id, id) where state = 'failed';
select private.secure_table('private.webhook_deliveries');
grant select, insert, update on private.webhook_deliveries to app_tenant;

-- Every try: what was sent beside the body, and what came back.
create table private.webhook_attempts (
  organization_id uuid not null,
  id              uuid not null,
  delivery_id     uuid not null,
  attempted_at    timestamptz(3) not null default now(),
  duration_ms     integer not null,
  headers         jsonb not null,
  status          smallint,                    -- null: no answer
  answer          text,                        -- the beginning of it
  error           text,                        -- null: it was taken
  primary key (organization_id, id),
  foreign key (organization_id, delivery_id) references private.webhook_deliveries (organization_id, id) on delete cascade
);
create index webhook_attempts_by_delivery on private.webhook_attempts (organization_id, delivery_id);
select private.secure_table('private.webhook_attempts');
grant select on private.webhook_attempts to app_tenant;
