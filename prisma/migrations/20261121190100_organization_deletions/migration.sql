-- Organizations that an owner deleted: what is still to be done, and afterwards who did it and when. The audit log goes with
-- its organization; this stays, for whoever runs the installation.

create table private.organization_deletions (
  organization_id uuid primary key,           -- refers to nothing: it outlives the organization
  name            text not null,
  requested_by    text not null,              -- the owner's address, as it was then
  address         inet,
  requested_at    timestamptz(3) not null default now(),
  completed_at    timestamptz(3)              -- since when nothing of it is left
);
select private.secure_table('private.organization_deletions');
create index organization_deletions_open on private.organization_deletions (requested_at) where completed_at is null;
grant select, insert on private.organization_deletions to app_tenant;
