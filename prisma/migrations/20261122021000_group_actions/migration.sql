-- What numbers are to do with groups, and what became of it: asked of any node, done by the one that runs the number.
create table private.group_actions (
  organization_id uuid not null,
  id              uuid not null,
  session_id      uuid not null,
  group_jid       text,                          -- null: the group is not there yet, or behind a link
  kind            text not null,
  args            jsonb not null,
  state           text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  epoch           bigint,                        -- lease of the node that does it, or did
  tries           smallint not null default 0,
  result          jsonb,
  error_code      text,
  whatsapp_code   smallint,                      -- what WhatsApp answered, where it is why
  requested_by    text not null,
  requested_by_type text not null,               -- 'user' or 'key'; what is written to people because of it is his
  requested_by_id uuid,
  requested_at    timestamptz(3) not null default now(),
  started_at      timestamptz(3),
  ended_at        timestamptz(3),
  addition_id     uuid,                          -- of which it is a step
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  check ((ended_at is not null) = (state in ('done', 'failed'))),
  check ((error_code is not null) = (state = 'failed'))
);
create index group_actions_open on private.group_actions (organization_id, session_id, id) where ended_at is null;
create index group_actions_ended on private.group_actions (organization_id, session_id, ended_at) where ended_at is not null;
create index group_actions_steps on private.group_actions (organization_id, addition_id) where addition_id is not null and ended_at is null;

select private.secure_table('private.group_actions');
grant select, insert, update, delete on private.group_actions to app_tenant;
