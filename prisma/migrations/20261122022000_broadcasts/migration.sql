-- One content to many people, each in a private chat, or into groups. How far it is, and what people decide of it, is its job's.

create table broadcasts (
  organization_id uuid not null,
  id              uuid not null,              -- that of its job
  session_ids     uuid[] check (cardinality(session_ids) > 0), -- the numbers that share it
  audience        jsonb not null,             -- who was asked for
  content         jsonb not null,             -- what was asked for to be said
  variables       jsonb not null default '{}', -- of who has no value of his own
  scheduled_at    timestamptz(3),
  expires_at      timestamptz(3),
  duplicates      integer not null,           -- how often somebody was named again
  primary key (organization_id, id),
  foreign key (organization_id, id) references jobs (organization_id, id) on delete cascade
);

-- Everybody who was meant, and either his message or why he has none. Whoever is written to is so once.
create table broadcast_recipients (
  organization_id uuid not null,
  broadcast_id    uuid not null,
  id              uuid not null,
  contact_id      uuid,                       -- as he was shown when it was launched; null: no contact, and not written to
  group_id        uuid,                       -- of what goes into a group itself
  phone_number    text,                       -- as it was then, or was written
  lid             text,
  name            text,                       -- of a group its subject
  exclusion       text check (exclusion in ('own_number', 'opted_out', 'left_group', 'no_address', 'not_on_whatsapp', 'missing_variable', 'text_too_long', 'group_not_writable')),
  detail          text,                       -- of the exclusion: the variables, the line of the file
  message_id      uuid,
  replied_at      timestamptz(3),             -- when he first wrote after it
  primary key (organization_id, broadcast_id, id),
  unique (organization_id, message_id),
  foreign key (organization_id, broadcast_id) references broadcasts (organization_id, id) on delete cascade,
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade,
  check ((exclusion is null) = (message_id is not null)),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  check (exclusion is not null or num_nonnulls(contact_id, group_id) > 0)
);
create unique index broadcast_recipients_once on broadcast_recipients (organization_id, broadcast_id, contact_id) where exclusion is null;
create unique index broadcast_recipients_group_once on broadcast_recipients (organization_id, broadcast_id, group_id) where exclusion is null and group_id is not null;
create index broadcast_recipients_by_group on broadcast_recipients (organization_id, group_id) where group_id is not null;
create index broadcast_recipients_by_contact on broadcast_recipients (organization_id, contact_id);

select private.secure_table('broadcasts');
select private.secure_table('broadcast_recipients');
grant select, insert on broadcasts, broadcast_recipients to app_tenant;

create policy member_access on broadcasts for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on broadcast_recipients for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, session_ids, audience, content, variables, scheduled_at, expires_at, duplicates) on broadcasts to authenticated;
grant select (organization_id, broadcast_id, id, contact_id, group_id, phone_number, name, exclusion, detail, message_id, replied_at)
  on broadcast_recipients to authenticated;
