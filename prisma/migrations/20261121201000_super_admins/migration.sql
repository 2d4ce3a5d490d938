-- Who runs this installation, and what they did. Both belong to no organization: the nodes alone get at them, and nobody by a
-- role of the API. `npm run admin` makes the first.

create table private.super_admins (
  user_id    uuid primary key references users (id) on delete cascade,
  granted_at timestamptz(3) not null default now()
);
select private.secure_table('private.super_admins', null);

-- As `audit_logs`, for those who run the installation. It outlives the organizations that it names, and what was done to one of
-- them stands in that one's own log as well.
create table private.operator_audit_logs (
  id          uuid primary key,
  actor_type  text not null check (actor_type in ('user', 'system')),
  actor_id    uuid,                           -- null for the system; refers to nothing, for people go and entries stay
  actor_name  text not null,                  -- a person's address, as it was then
  action      text not null,
  target_type text not null,
  target_id   uuid not null,
  target_name text not null,                  -- what it was called then
  changes     jsonb not null default '{}',
  address     inet,                           -- null where nobody called
  time        timestamptz(3) not null default now(),
  check ((actor_id is null) = (actor_type = 'system'))
);
select private.secure_table('private.operator_audit_logs', null);
revoke update, delete on private.operator_audit_logs from app_system;
create trigger append_only before update or delete or truncate on private.operator_audit_logs
  for each statement when (pg_trigger_depth() = 0) execute function private.refuse_change();
