-- What Wasel tells people by itself: automations, the events that they act on, and the notifications that come of it.

create table automations (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 100),
  enabled         boolean not null default true,
  enabled_at      timestamptz(3) not null default now(), -- of what was before it does not act
  event           text not null check (length(event) between 1 and 60),
  keywords        jsonb not null default '[]', -- of messages that come in; none: any message
  keyword_match   text not null default 'whole' check (keyword_match in ('whole', 'contains')),
  days_before     smallint check (days_before between 0 and 365), -- the date of the event; null: at once
  local_hour      smallint check (local_hour between 0 and 23),
  conditions      jsonb not null default '[]',
  delay_minutes   integer not null default 0 check (delay_minutes between 0 and 525600),
  channel         text not null check (channel in ('whatsapp', 'email')),
  session_id      uuid,                       -- null: the organization's default number
  template_id     uuid not null,              -- perhaps one that comes with Wasel, or one that is gone
  variables       jsonb not null default '{}', -- for each variable of the template a field of the event, or a text
  subject         text,                       -- of a mail
  priority        smallint not null default 5 check (priority between 1 and 10),
  created_by      text not null,
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  check ((days_before is null) = (local_hour is null))
);
create index automations_by_event on automations (organization_id, event) where enabled;

-- What happened, each once by the name that whoever tells it gave it.
create table private.automation_events (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  event_id        text not null,
  name            text not null,
  body_hash       bytea,                      -- of what was told by the API, to be compared when it is told again
  received_at     timestamptz(3) not null,
  primary key (organization_id, id)
);
create unique index automation_events_once on private.automation_events (organization_id, event_id);

create table notifications (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  channel         text not null check (channel in ('whatsapp', 'email')),
  recipient       text not null,              -- E.164, or an address of mail
  session_id      uuid,                       -- null: the organization's default number
  template_id     uuid not null,
  subject         text,
  variables       jsonb not null default '{}',
  trigger         text not null check (trigger in ('automation', 'test')),
  automation_id   uuid,
  related_type    text,
  related_id      text,
  priority        smallint not null default 5 check (priority between 1 and 10),
  state           text not null default 'pending' check (state in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
  scheduled_for   timestamptz(3) not null,
  due_at          timestamptz(3),             -- when a node takes it, or takes it again; null: it has ended
  attempts        smallint not null default 0,
  message_id      uuid,                       -- what came of it, by WhatsApp
  error_code      text,
  error_detail    text,
  created_at      timestamptz(3) not null default now(),
  settled_at      timestamptz(3),
  primary key (organization_id, id),
  check ((due_at is null) = (state in ('completed', 'failed', 'cancelled')))
) with (fillfactor = 80);
create index notifications_due on notifications (due_at) where due_at is not null;
create index notifications_mailed on notifications (organization_id, settled_at) where channel = 'email' and state = 'completed';
create index notifications_by_state on notifications (organization_id, state, id);
create index notifications_by_automation on notifications (organization_id, automation_id, id);

-- What an automation made of an event: it acted, or why it did not. One event, one time.
create table automation_runs (
  organization_id uuid not null,
  id              uuid not null,
  automation_id   uuid not null,
  event_id        uuid not null,
  outcome         text not null check (outcome in ('acted', 'skipped')),
  reason          text,
  detail          text,
  recipient       text,
  notification_id uuid,
  created_at      timestamptz(3) not null,
  primary key (organization_id, id),
  foreign key (organization_id, automation_id) references automations (organization_id, id) on delete cascade,
  foreign key (organization_id, event_id) references private.automation_events (organization_id, id) on delete cascade,
  check ((outcome = 'skipped') = (reason is not null)),
  check ((outcome = 'acted') = (notification_id is not null))
);
create unique index automation_runs_once on automation_runs (organization_id, automation_id, event_id);
create index automation_runs_by_automation on automation_runs (organization_id, automation_id, id);
create index automation_runs_by_event on automation_runs (organization_id, event_id);
create index automation_runs_by_recipient on automation_runs (organization_id, automation_id, recipient, created_at);

select private.secure_table(t) from unnest(array['automations', 'private.automation_events', 'notifications', 'automation_runs']::regclass[]) t;
grant select, insert, update, delete on automations to app_tenant;
grant select, insert on private.automation_events, automation_runs to app_tenant;
grant select, insert, update on notifications to app_tenant;

create policy member_access on automations for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on notifications for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on automation_runs for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, name, enabled, event, keywords, keyword_match, days_before, local_hour, conditions, delay_minutes, channel,
  session_id, template_id, variables, subject, priority, created_at, updated_at) on automations to authenticated;
grant select (organization_id, id, channel, recipient, session_id, template_id, variables, trigger, automation_id, related_type, related_id,
  priority, state, scheduled_for, attempts, message_id, error_code, created_at, settled_at) on notifications to authenticated;
grant select (organization_id, id, automation_id, event_id, outcome, reason, recipient, notification_id, created_at) on automation_runs to authenticated;
