-- Days of a contact that come back every year.

create table contact_days (
  organization_id uuid not null,
  id              uuid not null,              -- of this very date: another date is another id; merging hands it on
  contact_id      uuid not null,
  name            text not null check (length(name) between 1 and 50),
  key             text not null check (key = lower(name)),
  month           smallint not null check (month between 1 and 12),
  day             smallint not null check (day between 1 and case when month = 2 then 29 when month in (4, 6, 9, 11) then 30 else 31 end),
  year            smallint check (year between 1 and 9999), -- of the first one; null: not known
  primary key (organization_id, id, contact_id),
  unique (organization_id, contact_id, key),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  check (month <> 2 or day <> 29 or year % 4 = 0 and (year % 100 <> 0 or year % 400 = 0))
);
create index contact_days_by_date on contact_days (organization_id, key, month, day, contact_id);

select private.secure_table('contact_days');
grant select, insert, update, delete on contact_days to app_tenant;

create policy member_access on contact_days for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, contact_id, name, month, day, year) on contact_days to authenticated;
