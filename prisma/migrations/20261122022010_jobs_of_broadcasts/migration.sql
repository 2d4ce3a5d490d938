-- A broadcast is a job, too.
alter table jobs drop constraint jobs_kind_check;
alter table jobs add constraint jobs_kind_check check (kind in ('bulk_messages', 'broadcast')) not valid;
