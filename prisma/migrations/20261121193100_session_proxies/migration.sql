-- The proxy that a number goes through, to WhatsApp and for its files. What people see of it is in `sessions`; the whole
-- address, with its password, is sealed like keys. No user role can read it.

alter table sessions
  add column proxy         text,                       -- scheme, host and port; null: none
  add column proxy_version integer not null default 0; -- counts changes: a connection through another one is made anew
grant select (proxy) on sessions to authenticated;

create table private.session_proxies (
  organization_id uuid not null,
  session_id      uuid not null,
  key_id          text not null,
  sealed          bytea not null,
  primary key (organization_id, session_id),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);
select private.secure_table('private.session_proxies');
grant select (organization_id, session_id), insert, delete on private.session_proxies to app_tenant;
