-- Many people who are to come into a group, some at a time: each step is an action.
create table private.group_additions (
  organization_id uuid not null,
  id              uuid not null,
  session_id      uuid not null,
  group_jid       text not null,
  state           text not null default 'running' check (state in ('running', 'paused', 'completed', 'cancelled')),
  error_code      text,                          -- why it paused by itself
  invite          boolean not null,              -- who may not be added is sent an invitation
  per_step        smallint not null check (per_step > 0),
  step_seconds    integer not null check (step_seconds >= 0),
  next_at         timestamptz(3) not null default now(),
  requested_by    text not null,
  requested_by_type text not null,
  requested_by_id uuid,
  requested_at    timestamptz(3) not null default now(),
  ended_at        timestamptz(3),
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  check ((ended_at is not null) = (state in ('completed', 'cancelled')))
);
create index group_additions_due on private.group_additions (organization_id, session_id, next_at) where state = 'running';
create index group_additions_by_session on private.group_additions (organization_id, session_id, id);

create table private.group_addition_people (
  organization_id uuid not null,
  addition_id     uuid not null,
  n               integer not null,              -- in their order
  phone_number    text,
  lid             text,
  status          text not null default 'waiting',
  whatsapp_code   smallint,
  message_id      uuid,                          -- that the invitation is sent by
  action_id       uuid,                          -- the step
  settled_at      timestamptz(3),
  primary key (organization_id, addition_id, n),
  foreign key (organization_id, addition_id) references private.group_additions (organization_id, id) on delete cascade,
  check (num_nonnulls(lid, phone_number) > 0)
);

select private.secure_table(t) from unnest(array['private.group_additions', 'private.group_addition_people']::regclass[]) t;
grant select, insert, update, delete on private.group_additions to app_tenant;
grant select, insert, update on private.group_addition_people to app_tenant;
