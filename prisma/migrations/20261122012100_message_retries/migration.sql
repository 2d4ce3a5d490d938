-- Somebody had a message sent again that was given up, and what it was given up for: the message itself says that no more.
create table message_retries (
  organization_id    uuid not null,
  message_id         uuid not null,
  number             smallint not null,          -- the first is 1
  retried_at         timestamptz(3) not null default now(),
  retried_by_user_id uuid references users (id) on delete set null,
  retried_by_key_id  uuid,
  failed_at          timestamptz(3) not null,
  error_code         text,
  primary key (organization_id, message_id, number),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade,
  foreign key (organization_id, retried_by_key_id) references private.api_keys (organization_id, id)
);
select private.secure_table('message_retries');
grant select, insert on message_retries to app_tenant;
create policy member_access on message_retries for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, message_id, number, retried_at, retried_by_user_id, retried_by_key_id, failed_at, error_code)
  on message_retries to authenticated;
