-- Pictures of groups, small. That one has changed is told; what it shows is asked for once somebody wants to see it.
create table group_pictures (
  organization_id uuid not null,
  group_id        uuid not null,
  state           text not null default 'unknown' check (state in ('unknown', 'none', 'kept')), -- as WhatsApp answered last
  image           bytea check (octet_length(image) <= 131072), -- JPEG
  updated_at      timestamptz(3),                -- since when it is shown so, or may be another
  changed_at      timestamptz(3) not null default '-infinity', -- of the newest change that was told, by WhatsApp's clock
  changed_to      text,                          -- WhatsApp's id of the picture then; null: it was taken away
  looked_at       timestamptz(3),                -- when WhatsApp answered
  wanted_at       timestamptz(3),                -- when somebody wanted to see it, until WhatsApp has answered
  asked_until     timestamptz(3),                -- until then nobody else asks
  tries           smallint not null default 0,   -- that came to nothing
  primary key (organization_id, group_id),
  foreign key (organization_id, group_id) references groups (organization_id, id) on delete cascade,
  check ((image is not null) = (state = 'kept'))
);
create index group_pictures_wanted on group_pictures (organization_id, wanted_at) where wanted_at is not null;

select private.secure_table('group_pictures');
grant select, insert, update on group_pictures to app_tenant;

create policy member_access on group_pictures for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, group_id, updated_at) on group_pictures to authenticated;
