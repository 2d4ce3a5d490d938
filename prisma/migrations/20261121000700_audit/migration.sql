-- Who did what to what, when, and from where. An entry is written in the transaction of the change itself, and is never
-- changed again: there is nothing to correct in what happened.

create table private.audit_logs (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  actor_type      text not null check (actor_type in ('user', 'key', 'system')),
  actor_id        uuid,                       -- null for the system; refers to nothing, for people and keys go and entries stay
  actor_name      text not null,              -- what he was called then: a person's address, a key's name
  action          text not null,
  target_type     text not null,
  target_id       uuid not null,
  changes         jsonb not null default '{}', -- by field: { from, to }; never a secret, never what people wrote
  address         inet,                       -- null where nobody called
  time            timestamptz(3) not null default now(),
  primary key (organization_id, id),
  check ((actor_id is null) = (actor_type = 'system'))
);
create index audit_logs_by_time on private.audit_logs (organization_id, time desc, id desc);
select private.secure_table('private.audit_logs');
grant select, insert on private.audit_logs to app_tenant;
revoke update, delete on private.audit_logs from app_system;

-- Grants bind neither the owner nor a superuser; this does. Entries go with their organization only, whose deletion cascades
-- from within a trigger.
create function private.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on private.audit_logs
  for each statement when (pg_trigger_depth() = 0) execute function private.refuse_change();
