-- People, organizations, and who is what in which.

create table users (
  id         uuid primary key,              -- the `sub` of the person's token
  email      text not null,
  name       text not null default '',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create table organizations (
  id         uuid primary key,
  name       text not null check (length(name) between 1 and 100),
  country    text not null check (country ~ '^[A-Z]{2}$'),
  language   text not null check (language in ('en', 'he', 'ar')),
  time_zone  text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create table memberships (
  organization_id uuid not null references organizations (id) on delete cascade,
  user_id         uuid not null references users (id) on delete cascade,
  role            text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, user_id)
);
create index memberships_by_user on memberships (user_id);

select private.secure_table('organizations', 'id');
select private.secure_table('memberships');
select private.secure_table('users', null);

grant select, insert, update on organizations to app_tenant;
grant select, insert, update, delete on memberships to app_tenant;

-- Colleagues are visible: the sub-select runs under the policy of memberships, so it knows this organization only.
create policy colleagues on users for select to app_tenant using (id in (select user_id from memberships));
grant select on users to app_tenant;

-- A browser on Supabase sees itself, its memberships, and what belongs to their organizations.
create policy own_row on users for select to authenticated using (id = (select auth.uid()));
create policy own_memberships on memberships for select to authenticated using (user_id = (select auth.uid()));
create policy member_access on organizations for select to authenticated
  using (id in (select organization_id from memberships));
grant select (id, email, name, created_at) on users to authenticated;
grant select (organization_id, user_id, role, created_at) on memberships to authenticated;
grant select (id, name, country, language, time_zone, created_at) on organizations to authenticated;
