-- Links that make whoever was asked a member. A row is an invitation that still stands: it is deleted when it is accepted or
-- taken back, so that no link works twice; the audit log keeps what became of it.

create table private.invitations (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  email           text not null check (email = lower(email)),
  role            text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  token_hash      bytea not null unique,      -- sha-256; the link itself is shown once and kept nowhere
  invited_by      text not null,              -- the inviter's address, as it was then
  created_at      timestamptz(3) not null default now(),
  expires_at      timestamptz(3) not null,
  primary key (organization_id, id),
  unique (organization_id, email)             -- asking somebody again gives a new link, and ends the old one
);
select private.secure_table('private.invitations');
grant select (organization_id, id, email, role, invited_by, created_at, expires_at), insert, delete
  on private.invitations to app_tenant;
