-- Mails that are to leave, written in the transaction that makes them true; a node sends them afterwards, at least once. Links
-- in them are as good as passwords, so what they say is sealed like keys, and forgotten when it was sent.

create table private.mails (
  id              uuid primary key,
  organization_id uuid references organizations (id) on delete cascade, -- null: about somebody's account
  kind            text not null,
  recipient       text not null,
  key_id          text not null,              -- which encryption key sealed it
  sealed          bytea,                      -- subject, text and HTML; null once it was sent
  state           text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts        smallint not null default 0,
  send_after      timestamptz(3) not null default now(), -- also how long the node that tries has for it
  error           text,                       -- what the last attempt came to
  created_at      timestamptz(3) not null default now(),
  expires_at      timestamptz(3) not null,    -- of no use afterwards: it is given up
  settled_at      timestamptz(3)              -- sent or given up
) with (fillfactor = 80);
create index mails_waiting on private.mails (send_after) where state = 'waiting';
create index mails_by_recipient on private.mails (recipient, created_at);
create index mails_by_organization on private.mails (organization_id) where organization_id is not null;
create index mails_by_age on private.mails (created_at);
select private.secure_table('private.mails');
grant insert on private.mails to app_tenant;
