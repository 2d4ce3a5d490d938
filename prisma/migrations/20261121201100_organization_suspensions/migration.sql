-- Organizations that whoever runs the installation has stopped. A row is one that is stopped now: nothing of it leaves until the
-- row is gone. Its people may read why; the nodes alone write it, so that no organization lets itself go.

create table private.organization_suspensions (
  organization_id uuid primary key references organizations (id) on delete cascade,
  reason          text not null check (length(reason) between 1 and 500), -- in words, for the organization's people
  suspended_at    timestamptz(3) not null default now()
);
select private.secure_table('private.organization_suspensions');
grant select on private.organization_suspensions to app_tenant;
