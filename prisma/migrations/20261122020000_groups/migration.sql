-- WhatsApp groups, as its server tells of them. What a group is, is the organization's; what a number is in it, is the number's.

create table groups (
  organization_id   uuid not null references organizations (id) on delete cascade,
  id                uuid not null,
  jid               text not null check (jid ~ '^[0-9]+(-[0-9]+)?@g\.us$'),
  kind              text not null default 'group' check (kind in ('group', 'community', 'announcements')),
  community_jid     text,                        -- of the community that it is a part of
  subject           text not null,
  description       text,
  announcement      boolean not null default false, -- only admins write
  locked            boolean not null default false, -- only admins change what the group is
  member_add_mode   text not null default 'admins' check (member_add_mode in ('admins', 'everyone')),
  join_approval     boolean not null default false,
  ephemeral_seconds integer check (ephemeral_seconds > 0),
  addressing        text not null default 'lid' check (addressing in ('lid', 'phone')), -- by which of their addresses it names its people
  size              integer not null default 0,  -- how many are in it
  founded_at        timestamptz(3),              -- on WhatsApp
  told_at           timestamptz(3) not null default '-infinity', -- of the newest change of what is above, by WhatsApp's clock
  created_at        timestamptz(3) not null default now(),
  updated_at        timestamptz(3) not null default now(),
  primary key (organization_id, id),
  unique (organization_id, jid)
);
create index groups_by_subject on groups (organization_id, lower(subject), id) where told_at > '-infinity';

create table group_participants (
  organization_id uuid not null,
  group_id        uuid not null,
  id              uuid not null,
  lid             text,
  phone_number    text,
  push_name       text,                          -- as he calls himself, of who has written in it
  role            text check (role in ('member', 'admin', 'superadmin')), -- null: not in it any more
  joined_at       timestamptz(3),                -- null: before we knew the group
  changed_at      timestamptz(3) not null,       -- of the newest change that is applied, by WhatsApp's clock
  primary key (organization_id, id),
  unique (organization_id, group_id, lid),
  unique (organization_id, group_id, phone_number),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  check (num_nonnulls(lid, phone_number) > 0)
);
create index group_participants_by_group on group_participants (organization_id, group_id, id);

-- The groups that a number was told of, and which of their participants it is.
create table group_sessions (
  organization_id uuid not null,
  group_id        uuid not null,
  session_id      uuid not null,
  participant_id  uuid,
  stale_at        timestamptz(3),                -- when something happened that did not say all: to be asked for; null: nothing
  primary key (organization_id, group_id, session_id),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  foreign key (organization_id, participant_id) references group_participants (organization_id, id)
);
create index group_sessions_by_session on group_sessions (organization_id, session_id, group_id);
create index group_sessions_by_participant on group_sessions (organization_id, participant_id) where participant_id is not null;

-- What happened in groups. Told by every number of an organization that is in one, it is there once.
create table group_events (
  organization_id    uuid not null,
  group_id           uuid not null,
  id                 uuid not null,
  type               text not null,
  at                 timestamptz(3) not null,
  lid                text,                       -- of whom, where it is about somebody
  phone_number       text,
  actor_lid          text,                       -- by whom
  actor_phone_number text,
  size               integer not null,           -- how many were in it then
  noticed            boolean not null default false, -- seen afterwards, so that `at` is when, and nobody knows by whom
  key                bytea not null,             -- the same of what is the same
  primary key (organization_id, id),
  unique (organization_id, group_id, key),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade
);
create index group_events_by_time on group_events (organization_id, group_id, at, id);

-- As whom a number was told of all of its groups, its privacy address or its number: linked anew it is told again.
alter table sessions add column groups_told_as text;

select private.secure_table('groups');
select private.secure_table('group_sessions');
select private.secure_table('group_participants');
select private.secure_table('group_events');
grant select, insert, update on groups, group_sessions to app_tenant;
grant select, insert, update, delete on group_participants to app_tenant;
grant select, insert on group_events to app_tenant;

create policy member_access on groups for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on group_sessions for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on group_participants for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on group_events for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, jid, kind, community_jid, subject, description, announcement, locked, member_add_mode, join_approval,
              ephemeral_seconds, size, founded_at, created_at, updated_at) on groups to authenticated;
grant select (organization_id, group_id, session_id, participant_id) on group_sessions to authenticated;
grant select (organization_id, group_id, id, phone_number, push_name, role, joined_at) on group_participants to authenticated;
grant select (organization_id, group_id, id, type, at, phone_number, actor_phone_number, size, noticed) on group_events to authenticated;
