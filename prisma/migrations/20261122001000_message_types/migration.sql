-- What a message consists of besides its text, what it answers, and what was changed about it later.

alter table messages
  add column content jsonb,                     -- by type; its shape is MessageContent of the API
  add column reply_to jsonb,                    -- the message that it quotes, and the beginning of what that said: QuotedMessage
  add column target_whatsapp_message_id text,   -- of a reaction, an edit, a deletion or a vote: the message that it is about
  add column target_direction text,             -- and who wrote that one: 'inbound' or 'outbound'
  add column edited_at timestamptz(3),
  add column deleted_at timestamptz(3);         -- for everyone; what it said is gone
grant select (content, reply_to, target_whatsapp_message_id, target_direction, edited_at, deleted_at) on messages to authenticated;

-- In these, `author` is 'self' for our own number and 'peer' for the other person of a chat of two.

-- What stands under a message: of each person the last reaction, if it was not taken back.
create table message_reactions (
  organization_id uuid not null,
  message_id      uuid not null,
  author          text not null,
  emoji           text not null,
  reacted_at      timestamptz(3) not null,
  primary key (organization_id, message_id, author),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade
);

-- Of each person the last vote. Options are told by their place, the first is 0.
create table poll_votes (
  organization_id uuid not null,
  message_id      uuid not null,
  author          text not null,
  options         integer[] check (options is not null),
  voted_at        timestamptz(3) not null,
  primary key (organization_id, message_id, author),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade
);

-- Every text that an edited message had, the first and the last too. Deleting the message for everyone takes them along.
create table message_versions (
  organization_id     uuid not null,
  message_id          uuid not null,
  whatsapp_message_id text not null,            -- of the message itself for its first text, of the edit for every other one
  text                text,
  written_at          timestamptz(3) not null,
  primary key (organization_id, message_id, whatsapp_message_id),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade
);

select private.secure_table(t) from unnest(array['message_reactions', 'poll_votes', 'message_versions']::regclass[]) t;
grant select, insert, update, delete on message_reactions, poll_votes, message_versions to app_tenant;
create policy member_access on message_reactions for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on poll_votes for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on message_versions for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, message_id, author, emoji, reacted_at) on message_reactions to authenticated;
grant select (organization_id, message_id, author, options, voted_at) on poll_votes to authenticated;
grant select (organization_id, message_id, whatsapp_message_id, text, written_at) on message_versions to authenticated;
