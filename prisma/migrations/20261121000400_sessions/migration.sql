-- Linked WhatsApp numbers, who runs them, and the keys that make them work.

create table sessions (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  provider        text not null default 'baileys' check (provider in ('baileys', 'cloud')),
  name            text not null check (length(name) between 1 and 60),
  phone_number    text,                       -- E.164; null until linked
  whatsapp_jid    text,                       -- our own device's addresses, as WhatsApp gave them when it linked
  whatsapp_lid    text,
  push_name       text,
  state           text not null default 'disconnected'
                  check (state in ('disconnected', 'connecting', 'qr_pending', 'connected', 'error')),
  reason          text default 'not_linked',
  -- What a person last asked for. The owner works towards it, so a request survives any crash and reaches any node.
  intent          text not null default 'stop' check (intent in ('connect', 'stop', 'log_out', 'delete')),
  intent_version  bigint not null default 1,  -- counts requests: asking again for the same is a new request
  settled_version bigint not null default 1,  -- the request that has come to rest; while it differs, some node has to own the session
  enabled         boolean not null default true,
  auto_reconnect  boolean not null default true,
  is_default      boolean not null default false,
  attempts        integer not null default 0, -- failed connections in a row
  connected_since timestamptz(3),
  last_seen_at    timestamptz(3),
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  deleted_at      timestamptz(3),             -- its keys are gone; the row stays for the conversations that name it
  primary key (organization_id, id)
) with (fillfactor = 80);
create unique index sessions_one_default on sessions (organization_id) where is_default and deleted_at is null;
select private.secure_table('sessions');
grant select, insert, update on sessions to app_tenant;
create policy member_access on sessions for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, provider, name, phone_number, push_name, state, reason, enabled, auto_reconnect,
              is_default, attempts, connected_since, last_seen_at, created_at, deleted_at) on sessions to authenticated;

-- Exactly one node runs a session. Every write that the owner makes carries the epoch; each takeover raises it, so that
-- a node that was paused past its lease can change nothing any more. Also the way from a session to its organization.
create table private.session_leases (
  organization_id uuid not null,
  session_id      uuid not null unique,
  owner_node      uuid,
  epoch           bigint not null default 0,
  expires_at      timestamptz(3) not null default '-infinity',
  primary key (organization_id, session_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 70);
create index session_leases_by_owner on private.session_leases (owner_node);
-- `epoch` is part of a key, so that a writer's lock on it (for key share) stops a takeover and never a renewal. The time is in
-- no index: a renewal stays within its page.
create unique index session_leases_epoch on private.session_leases (session_id, epoch);
select private.secure_table('private.session_leases');
grant select, insert on private.session_leases to app_tenant;

-- What a person scans or types while a session is being linked; emptied when it is.
create table private.session_links (
  organization_id uuid not null,
  session_id      uuid not null,
  phone_number    text,                       -- a pairing code was asked for, for this number
  qr              text,
  qr_expires_at   timestamptz(3),
  pairing_code    text,
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, session_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);
select private.secure_table('private.session_links');
grant select, insert, update on private.session_links to app_tenant;

-- Credentials (type 'creds') and Signal keys, one row each, sealed with AES-256-GCM. No user role can read them.
create table private.session_keys (
  organization_id uuid not null,
  session_id      uuid not null,
  type            text not null,
  id              text not null,
  key_id          text not null,              -- which encryption key sealed it
  sealed          bytea not null,             -- nonce, ciphertext, tag
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, session_id, type, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 70);
create index session_keys_by_key on private.session_keys (key_id);
select private.secure_table('private.session_keys');
drop policy tenant_isolation on private.session_keys;

-- What WhatsApp delivered and Wasel has not finished storing: decrypted messages (written with the ratchet step that
-- opened them) and receipts (written before they are acknowledged). Sealed like keys. The transaction that stores the
-- message marks the row; what is unmarked after a crash is handled again in this order. A marked row stays until WhatsApp
-- has surely heard our receipt: until then it may deliver the same ciphertext again, which opens only once.
create table private.session_inbox (
  organization_id uuid not null,
  session_id      uuid not null,
  id              text not null,              -- hash of the ciphertext or of the stanza's identity
  sequence        bigint generated always as identity,
  kind            text not null check (kind in ('message', 'receipt')),
  key_id          text not null,
  sealed          bytea not null,
  received_at     timestamptz(3) not null default now(),
  stored_at       timestamptz(3),             -- since when it is a message
  primary key (organization_id, session_id, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 70);
create index session_inbox_in_order on private.session_inbox (organization_id, session_id, sequence);
select private.secure_table('private.session_inbox');
grant select (organization_id, session_id, id, kind), update (stored_at), delete on private.session_inbox to app_tenant;

-- True while `node_epoch` is the session's current epoch, and then it stays so until the transaction ends: a takeover
-- waits for the lock. Owned by app_system, so that a tenant's transaction can ask without being able to touch leases; about
-- the sessions of its own organization only, for the owner's rights see all.
create function private.hold_lease(session uuid, node_epoch bigint) returns boolean
  language sql security definer set search_path = pg_catalog as $$
    select exists (
      select from (
        select 1 from private.session_leases l
         where l.organization_id = private.current_organization() and l.session_id = session and l.epoch = node_epoch
           for key share
      ) held)
$$;
grant execute on function private.hold_lease(uuid, bigint) to app_tenant;
grant create on schema private to app_system;
alter function private.hold_lease(uuid, bigint) owner to app_system;
revoke create on schema private from app_system;
