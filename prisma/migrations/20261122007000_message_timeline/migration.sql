-- What became of a message, step by step.

-- A try that WhatsApp or the connection refused. One that went well is the message's own `sent_at`.
create table message_attempts (
  organization_id uuid not null,
  message_id      uuid not null,
  number          smallint not null,          -- the first is 1, also across tries that a person asked for
  failed_at       timestamptz(3) not null default now(),
  error_code      text not null,
  retry_at        timestamptz(3),             -- when it is tried again by itself; null: not
  primary key (organization_id, message_id, number),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade
);
select private.secure_table('message_attempts');
grant select on message_attempts to app_tenant;
create policy member_access on message_attempts for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, message_id, number, failed_at, error_code, retry_at) on message_attempts to authenticated;

alter table messages add column cancelled_at timestamptz(3);
grant select (cancelled_at) on messages to authenticated;

-- Whoever cancels it, with a job, with its number or with its organization.
create function private.message_cancelled() returns trigger
  language plpgsql as $$
begin
  new.cancelled_at := now();
  return new;
end $$;
revoke all on function private.message_cancelled() from public;
grant execute on function private.message_cancelled() to app_tenant, app_system;
create trigger message_cancelled before update of status on messages for each row
  when (new.status = 'cancelled' and old.status <> 'cancelled')
  execute function private.message_cancelled();
