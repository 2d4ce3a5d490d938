-- What people write who want to be told nothing by machines, or again; an organization without a row has the words of Wasel.

create table opt_out_words (
  organization_id uuid not null references organizations (id) on delete cascade,
  stop            jsonb not null,             -- words, in any case and with any marks
  start           jsonb not null,
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id)
);
select private.secure_table('opt_out_words');
grant select, insert, update on opt_out_words to app_tenant;
create policy member_access on opt_out_words for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, stop, start, updated_at) on opt_out_words to authenticated;
