-- What an organization's own programs call with. The key itself is shown once and kept nowhere.

create table private.api_keys (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 60),
  scopes          text[] check (coalesce(cardinality(scopes), 0) > 0), -- by a check, for Prisma knows no list that is not null
  hash            bytea not null unique,      -- sha-256 of the key
  hint            text not null,              -- its last characters, to tell it from others
  created_by      text not null,              -- the maker's address, as it was then
  created_at      timestamptz(3) not null default now(),
  expires_at      timestamptz(3),             -- null: never
  last_used_at    timestamptz(3),             -- to the minute
  revoked_at      timestamptz(3),             -- works no more; stays for the messages that it sent
  primary key (organization_id, id)
) with (fillfactor = 80);
select private.secure_table('private.api_keys');
grant select (organization_id, id, name, scopes, hint, created_by, created_at, expires_at, last_used_at, revoked_at),
      insert, update (revoked_at) on private.api_keys to app_tenant;

-- Every message says who or what sent it.
alter table messages
  add column sent_by_key_id uuid,
  add foreign key (organization_id, sent_by_key_id) references private.api_keys (organization_id, id);
grant select (sent_by_key_id) on messages to authenticated;
