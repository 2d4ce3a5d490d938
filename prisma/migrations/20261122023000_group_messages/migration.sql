-- What is written in groups. A conversation is with a contact, or is a group as one of our numbers is in it; a message that came
-- in there says which of its people wrote it.

alter table conversations
  alter column contact_id drop not null,
  add column group_id uuid,
  add constraint conversations_group_id_fkey foreign key (organization_id, group_id) references groups (organization_id, id) not valid,
  add constraint conversations_with_check check (num_nonnulls(contact_id, group_id) = 1) not valid;
grant select (group_id) on conversations to authenticated;

alter table messages
  add column participant_id uuid,             -- who wrote it, of what came in in a group
  add column recipients     integer,          -- of what we sent into a group: how many were in it besides us
  add constraint messages_participant_id_fkey foreign key (organization_id, participant_id) references group_participants (organization_id, id) not valid;
grant select (participant_id, recipients) on messages to authenticated;

-- What became of a message of ours on the phones of a group's people.
create table message_receipts (
  organization_id uuid not null,
  message_id      uuid not null,
  participant_id  uuid not null,
  delivered_at    timestamptz(3) not null,
  read_at         timestamptz(3),
  played_at       timestamptz(3),
  primary key (organization_id, message_id, participant_id),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade,
  foreign key (organization_id, participant_id) references group_participants (organization_id, id)
);
create index message_receipts_by_participant on message_receipts (organization_id, participant_id);
select private.secure_table('message_receipts');
grant select, insert, update, delete on message_receipts to app_tenant;
create policy member_access on message_receipts for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, message_id, participant_id, delivered_at, read_at, played_at) on message_receipts to authenticated;

-- A receipt of a group's person that overtook its message waits for it, as those of others do.
create table private.parked_group_receipts (
  organization_id     uuid not null,
  session_id          uuid not null,
  whatsapp_message_id text not null,
  participant_id      uuid not null,
  status              text not null,
  at                  timestamptz(3) not null,
  created_at          timestamptz(3) not null default now(),
  primary key (organization_id, session_id, whatsapp_message_id, participant_id, status),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  foreign key (organization_id, participant_id) references group_participants (organization_id, id) on delete cascade
);
create index parked_group_receipts_by_age on private.parked_group_receipts (created_at);
create index parked_group_receipts_by_participant on private.parked_group_receipts (organization_id, participant_id);
select private.secure_table('private.parked_group_receipts');
grant select, insert, update, delete on private.parked_group_receipts to app_tenant;

-- Where many write, somebody's own are of that one of them. A deletion is honoured of a group's admins, too: of ours because
-- WhatsApp has taken it, of others by what they are in the group.
create or replace function private.changes_of(org uuid, ids uuid[]) returns table (
    message_id uuid, message_at timestamptz, message_deleted boolean, change_id text, accepted_id uuid, type text, author text,
    by_author boolean, text text, content jsonb, at timestamptz)
  language sql stable as $$
    select m.id, coalesce(m.sent_at, m.created_at), m.deleted_at is not null, c.whatsapp_message_id,
           case when c.direction = 'outbound' and c.trigger is not null then c.id end, c.type,
           case c.direction when 'outbound' then 'self' else coalesce(c.participant_id::text, 'peer') end,
           c.direction = m.direction and c.participant_id is not distinct from m.participant_id
             or c.type = 'delete' and m.participant_id is not null and c.direction = 'outbound'
             or c.type = 'delete' and c.participant_id is not null and exists (
               select from public.group_participants p where p.organization_id = org and p.id = c.participant_id and p.role <> 'member'),
           c.text, c.content, coalesce(c.sent_at, c.delivered_at, c.created_at)
      from (select distinct unnest(ids) as id) i
      cross join lateral (
        select organization_id, id, session_id, conversation_id, whatsapp_message_id, direction, participant_id, sent_at, created_at, deleted_at
          from public.messages where organization_id = org and id = i.id and target_whatsapp_message_id is null offset 0) m
      cross join lateral (
        select id, whatsapp_message_id, direction, participant_id, trigger, type, text, content, sent_at, delivered_at, created_at
          from public.messages
         where organization_id = m.organization_id and session_id = m.session_id and target_whatsapp_message_id = m.whatsapp_message_id
           and target_direction = m.direction and conversation_id = m.conversation_id
           and (status = 'received' or private.status_rank(status) >= private.status_rank('sent')) offset 0) c
$$;
