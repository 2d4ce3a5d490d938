-- An organization that was deleted stays for a while, in which an owner can take it back.

alter table private.organization_deletions
  add column due_at   timestamptz(3) not null default now(), -- until then it can be taken back; nothing of it is lost
  add column ended_at timestamptz(3);                        -- since when it has no members, and its rows are being taken away
alter table private.organization_deletions alter column due_at drop default;

-- Taking it back. One that has ended has no member left who could ask.
grant delete on private.organization_deletions to app_tenant;
