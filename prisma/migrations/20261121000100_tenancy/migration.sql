-- Who may do what, before there is anything to do it to.
--
--   login role     owns the tables, runs migrations; the application connects as it and never queries as it
--   app_tenant     what the API does for a user, inside one organization
--   app_system     what the nodes do for all (leases, keys, queue); it has its own policy on every table
--   authenticated  a browser that talks to Supabase directly: may read some columns, and nothing else
--
-- Row security is forced, so that the owner sees nothing either: on a plain Postgres exactly as on Supabase.

-- Roles belong to the whole cluster: another database of it may be migrating at this moment.
do $$
declare wanted text;
begin
  foreach wanted in array array['app_tenant', 'app_system', 'anon', 'authenticated', 'service_role'] loop
    begin
      execute format('create role %I nologin nobypassrls', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
end $$;

-- `set` lets a connection become the role; without `inherit` the login role keeps seeing nothing by itself.
do $$
declare wanted text;
begin
  foreach wanted in array array['app_tenant', 'app_system'] loop
    if not pg_has_role(current_user, wanted, 'SET') then
      execute format('grant %I to %I with set true, inherit false', wanted, current_user);
    end if;
  end loop;
end $$;

-- Managed platforms grant everything on new objects to their API roles by default, Postgres itself the use of functions. Not
-- granting is not revoking: what the objects made from here on would give away is taken back first, from whomever it is.
do $$
declare given record;
begin
  for given in
    select distinct
           case when d.defaclnamespace <> 0 then format('in schema %s', d.defaclnamespace::regnamespace) else '' end as place,
           case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'n' then 'schemas' end as kind,
           case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end as grantee
      from pg_default_acl d, aclexplode(d.defaclacl) acl
     where d.defaclrole = current_user::regrole and acl.grantee <> d.defaclrole and d.defaclobjtype in ('r', 'S', 'f', 'n')
       and (d.defaclnamespace = 0 or d.defaclnamespace = 'public'::regnamespace)
  loop
    execute format('alter default privileges %s revoke all on %s from %s', given.place, given.kind, given.grantee);
  end loop;
end $$;
alter default privileges revoke all on functions from public;
grant usage on schema public to app_tenant, app_system, authenticated;

create schema private;
grant usage on schema private to app_tenant, app_system;

-- Supabase has `auth.uid()`; elsewhere the same function reads the same setting, which is empty after a transaction that had it.
do $$
begin
  if to_regprocedure('auth.uid()') is null then
    create schema if not exists auth;
    create function auth.uid() returns uuid language sql stable as
      $body$ select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid $body$;
    grant usage on schema auth to authenticated;
    grant execute on function auth.uid() to authenticated;
  end if;
end $$;

-- The organization of the running transaction; null when none is set, which matches no row.
create function private.current_organization() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.organization_id', true), '')::uuid $$;
grant execute on function private.current_organization() to app_tenant, app_system;

-- Every migration that makes a table calls this once: security enabled and forced, nothing granted to anybody, the nodes'
-- policy, and for `tenant_key` (the column with the organization) the tenants' policy. Grants follow in the migration.
create function private.secure_table(target regclass, tenant_key name default 'organization_id') returns void
  language plpgsql as $$
declare grantee text;
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  for grantee in
    select distinct case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
      from pg_class, aclexplode(relacl) acl where pg_class.oid = target and acl.grantee <> relowner
  loop
    execute format('revoke all on %s from %s', target, grantee);
  end loop;
  execute format('create policy system_access on %s to app_system using (true) with check (true)', target);
  execute format('grant select, insert, update, delete on %s to app_system', target);
  if tenant_key is not null then
    execute format(
      'create policy tenant_isolation on %s to app_tenant using (%2$I = (select private.current_organization())) with check (%2$I = (select private.current_organization()))',
      target, tenant_key);
  end if;
end $$;
