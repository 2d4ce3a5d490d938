-- Chats that a number begins. They are what WhatsApp restricts, so they wait apart from those that go on: for its own
-- time, for their daily budget.

-- Somebody there wrote to us, something of ours arrived there, or the phone has the chat. Those of before count as such.
alter table conversations add column established boolean not null default true;
alter table conversations alter column established set default false;

alter table private.outbox
  add column new_chat smallint not null default 0,    -- 0 its chat is established; 1 begun, and nothing of it has arrived yet; 2 to be begun
  add column asleep   boolean not null default false; -- put back until it is day where its person is

alter table sessions
  add column linked_at              timestamptz(3),   -- since when it has its phone number; null: since it was made
  add column reach_out_until        timestamptz(3),   -- WhatsApp lets it begin no chat before
  add column new_chat_quota         integer,          -- chats that WhatsApp lets it begin until new_chat_quota_ends_at
  add column new_chat_quota_used    integer,
  add column new_chat_quota_ends_at timestamptz(3),
  add column new_chats_per_day      smallint,         -- null: as many as are safe
  add column quiet_hours_of         text not null default 'number',
  add constraint sessions_new_chats_per_day check (new_chats_per_day between 0 and 250) not valid,
  add constraint sessions_quiet_hours_of check (quiet_hours_of in ('number', 'recipient')) not valid;
grant select (linked_at, reach_out_until, new_chat_quota, new_chat_quota_used, new_chat_quota_ends_at, new_chats_per_day, quiet_hours_of)
  on sessions to authenticated;

alter table session_days add column new_chats integer not null default 0; -- chats begun
grant select (new_chats) on session_days to authenticated;

-- When the number's last messages left, the newest last: its pace survives a restart and a move to another node.
alter table private.session_leases add column sent_at timestamptz(3)[];

-- Whatever establishes a chat, what waits of it is no new chat any more. Accepting a message holds the conversation's row, so
-- none slips through; rows are locked in the order in which they are claimed.
create function private.release_established_chat() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  with waiting as (
    select message_id from private.outbox
     where organization_id = new.organization_id and conversation_id = new.id and new_chat > 0
     order by new_chat, priority, sequence for update
  )
  update private.outbox o set new_chat = 0 from waiting
   where o.organization_id = new.organization_id and o.message_id = waiting.message_id;
  return null;
end $$;
create trigger release_established_chat after update of established on conversations
  for each row when (new.established and not old.established) execute function private.release_established_chat();
