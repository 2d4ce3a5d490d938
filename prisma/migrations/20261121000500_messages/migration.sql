-- Contacts, conversations, messages, files, and the queue of what has still to leave.

create table contacts (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  phone_number    text,                       -- E.164; null while only the privacy address is known
  lid             text,                       -- WhatsApp's privacy address, without server part
  name            text,                       -- as a member named him
  push_name       text,                       -- as he calls himself on WhatsApp
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  unique (organization_id, phone_number),
  unique (organization_id, lid),
  check (phone_number is not null or lid is not null)
);

create table conversations (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  session_id      uuid not null,
  contact_id      uuid not null,
  last_message_id uuid,
  last_message_at timestamptz(3) not null default now(), -- while nothing was said yet: when it was opened
  unread_count    integer not null default 0,
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  unique (organization_id, session_id, contact_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id)
) with (fillfactor = 80);
create index conversations_by_time on conversations (organization_id, last_message_at desc, id desc);

create table media (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  sha256          bytea not null,
  mime_type       text not null,
  size_bytes      bigint not null,
  file_name       text,
  width           integer,
  height          integer,
  storage_key     text not null,
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, id)
);

create table messages (
  organization_id     uuid not null references organizations (id) on delete cascade,
  id                  uuid not null,
  session_id          uuid not null,
  conversation_id     uuid not null,
  direction           text not null check (direction in ('inbound', 'outbound')),
  type                text not null,
  text                text,
  media_id            uuid,
  media_state         text not null default 'none' check (media_state in ('none', 'pending', 'stored', 'failed')),
  payload             bytea,                  -- the WhatsApp message as protobuf: what a retry sends again, what is kept of the unsupported
  status              text not null check (status in
                      ('pending', 'queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed', 'cancelled', 'received')),
  error_code          text,
  whatsapp_message_id text not null,          -- chosen by whoever wrote the message; ours when it is accepted, the same on every try
  sent_by_user_id     uuid references users (id) on delete set null,
  created_at          timestamptz(3) not null default now(),
  expires_at          timestamptz(3),
  sent_at             timestamptz(3),
  delivered_at        timestamptz(3),
  read_at             timestamptz(3),
  played_at           timestamptz(3),
  failed_at           timestamptz(3),
  primary key (organization_id, id),
  -- What makes inbound exactly-once, and finds the message of a receipt. No index holds the status, so that a change of
  -- status stays within its page.
  unique (organization_id, session_id, whatsapp_message_id, direction, conversation_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id),
  foreign key (organization_id, conversation_id) references conversations (organization_id, id),
  foreign key (organization_id, media_id) references media (organization_id, id)
) with (fillfactor = 80);
create index messages_by_conversation on messages (organization_id, conversation_id, id desc);

-- How far an outbound message has come; a status only ever gives way to one of a higher rank. A message that was given up
-- and reached the person all the same was delivered, so failing ranks below being sent.
create function private.status_rank(status text) returns smallint
  language sql immutable parallel safe
  as $$ select array_position(array['pending', 'queued', 'sending', 'cancelled', 'failed', 'sent', 'delivered', 'read', 'played'], status)::smallint $$;
grant execute on function private.status_rank(text) to app_tenant, app_system;
create index messages_files_to_fetch on messages (organization_id, session_id, id) where media_state = 'pending';

-- The queue: one thin row per message that WhatsApp has not acknowledged, deleted when it has.
create table private.outbox (
  organization_id uuid not null,
  message_id      uuid not null,
  session_id      uuid not null,
  priority        smallint not null default 5 check (priority between 1 and 10),
  sequence        bigint generated always as identity,
  send_after      timestamptz(3) not null default now(),
  attempts        smallint not null default 0,
  claimed_epoch   bigint,                     -- a claim of an older epoch is in doubt: that message goes first, as it is
  claimed_at      timestamptz(3),
  primary key (organization_id, message_id),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade,
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 70);
create index outbox_in_order on private.outbox (organization_id, session_id, priority, sequence);

-- The answer that a repeated request gets. `key` is the caller's; `body_hash` tells a repetition from a mistake.
create table private.idempotency_keys (
  organization_id uuid not null references organizations (id) on delete cascade,
  key             text not null,
  body_hash       bytea not null,
  response        jsonb,                      -- null while the first request is still at work
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, key)
);
create index idempotency_keys_by_age on private.idempotency_keys (created_at);

-- Receipts that arrived before their message was known here; kept for ten minutes.
create table private.parked_receipts (
  organization_id     uuid not null,
  session_id          uuid not null,
  whatsapp_message_id text not null,
  status              text not null,
  at                  timestamptz(3) not null,
  created_at          timestamptz(3) not null default now(),
  primary key (organization_id, session_id, whatsapp_message_id, status),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);
create index parked_receipts_by_age on private.parked_receipts (created_at);

-- Messages that a person here has read and WhatsApp has still to be told of (blue ticks); the session's owner tells it.
create table private.reads (
  organization_id     uuid not null,
  session_id          uuid not null,
  conversation_id     uuid not null,
  whatsapp_message_id text not null,
  primary key (organization_id, session_id, conversation_id, whatsapp_message_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  foreign key (organization_id, conversation_id) references conversations (organization_id, id) on delete cascade
);

select private.secure_table(t) from unnest(array['contacts', 'conversations', 'media', 'messages',
  'private.outbox', 'private.reads', 'private.idempotency_keys', 'private.parked_receipts']::regclass[]) t;

grant select, insert, update, delete on contacts, conversations to app_tenant;
grant select, insert, update on messages, media to app_tenant;
grant select, insert, update, delete on private.outbox, private.reads, private.idempotency_keys, private.parked_receipts to app_tenant;

create policy member_access on contacts for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on conversations for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on messages for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on media for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, phone_number, name, push_name, created_at) on contacts to authenticated;
grant select (organization_id, id, session_id, contact_id, last_message_id, last_message_at, unread_count, created_at) on conversations to authenticated;
grant select (organization_id, id, mime_type, size_bytes, file_name, width, height, created_at) on media to authenticated;
grant select (organization_id, id, session_id, conversation_id, direction, type, text, media_id, media_state, status,
              error_code, whatsapp_message_id, sent_by_user_id, created_at, sent_at, delivered_at, read_at, played_at, failed_at)
  on messages to authenticated;
