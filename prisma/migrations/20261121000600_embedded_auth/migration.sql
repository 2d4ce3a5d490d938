-- The embedded issuer: sign-in by e-mail and password for installations without Supabase Auth. Passwords are hashed, signing
-- keys sealed. No user role has any business here.

create table private.auth_users (
  id             uuid primary key default gen_random_uuid(),
  name           text not null,
  email          text not null unique,
  email_verified boolean not null default false,
  image          text,
  created_at     timestamptz(3) not null default now(),
  updated_at     timestamptz(3) not null default now()
);

create table private.auth_sessions (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null references private.auth_users (id) on delete cascade,
  token      text not null unique,
  expires_at timestamptz(3) not null,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index auth_sessions_by_user on private.auth_sessions (user_id);

create table private.auth_accounts (
  id                       uuid primary key default gen_random_uuid(),
  user_id                  uuid not null references private.auth_users (id) on delete cascade,
  account_id               text not null,
  provider_id              text not null,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope                    text,
  password                 text,
  created_at               timestamptz(3) not null default now(),
  updated_at               timestamptz(3) not null default now()
);
create index auth_accounts_by_user on private.auth_accounts (user_id);

create table private.auth_verifications (
  id         uuid primary key default gen_random_uuid(),
  identifier text not null,
  value      text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index auth_verifications_by_identifier on private.auth_verifications (identifier);

create table private.auth_jwks (
  id          uuid primary key default gen_random_uuid(),
  public_key  text not null,
  private_key text not null,
  alg         text,
  crv         text,
  created_at  timestamptz(3) not null default now(),
  expires_at  timestamptz(3)
);

select private.secure_table(t, null) from unnest(array['private.auth_users', 'private.auth_sessions', 'private.auth_accounts',
  'private.auth_verifications', 'private.auth_jwks']::regclass[]) t;
