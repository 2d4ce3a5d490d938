-- Who is who. A contact holds one number and one privacy address at most, each written once. Who turns out to be the same
-- person is merged: the contact stays and points at the one that is shown, so that it can be undone.

alter table contacts
  add column merged_into    uuid,             -- the contact that is shown instead; itself not merged
  add column language       text,             -- BCP 47, as a member decided
  add column opted_out_at   timestamptz(3),
  add column opt_out_source text,             -- 'person', or what an automation calls itself
  add constraint contacts_merged_into_fkey foreign key (organization_id, merged_into) references contacts (organization_id, id) on delete cascade not valid,
  add constraint contacts_opt_out_check check (num_nulls(opted_out_at, opt_out_source) in (0, 2)) not valid;
grant select (merged_into, language, opted_out_at, opt_out_source) on contacts to authenticated;

-- A conversation of a merged contact is not shown either. Its `unread_count` is its own, that of the shown one is all together.
alter table conversations
  add column merged_into uuid,                -- the conversation that is shown instead
  add constraint conversations_merged_into_fkey foreign key (organization_id, merged_into) references conversations (organization_id, id) on delete cascade not valid;
grant select (merged_into) on conversations to authenticated;

-- Where a message lies without any merge: the conversation with the address that it came under or goes to.
alter table messages
  add column origin_conversation_id uuid,     -- null: where it lies
  add constraint messages_origin_conversation_id_fkey foreign key (organization_id, origin_conversation_id)
    references conversations (organization_id, id) not valid;

-- Why a contact has its number and privacy address.
create table private.contact_evidence (
  organization_id uuid not null,
  id              uuid not null default gen_random_uuid(),
  contact_id      uuid not null,
  phone_number    text,
  lid             text,
  source          text not null check (source in ('message', 'mapping', 'check', 'person')), -- a message's sender; the phone's own list; WhatsApp's answer; a member or a program
  session_id      uuid,                       -- the number that learnt it
  learnt_at       timestamptz(3) not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index contact_evidence_by_contact on private.contact_evidence (organization_id, contact_id);

-- Two contacts that became one, and why. Those that are not undone make a forest.
create table private.contact_merges (
  organization_id uuid not null,
  id              uuid not null,
  kept_id         uuid not null,              -- what was shown from then on
  merged_id       uuid not null,              -- what was not
  source          text not null check (source in ('message', 'mapping', 'check', 'person')),
  session_id      uuid,
  merged_by       text,                       -- a member or key, as it was called then
  gave            jsonb not null default '{}', -- what the kept one took over: taken back by an undo
  merged_at       timestamptz(3) not null default now(),
  undone_at       timestamptz(3),
  undone_by       text,
  primary key (organization_id, id),
  foreign key (organization_id, kept_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, merged_id) references contacts (organization_id, id) on delete cascade
);
create index contact_merges_kept on private.contact_merges (organization_id, kept_id);
create unique index contact_merges_merged on private.contact_merges (organization_id, merged_id) where undone_at is null;

-- A person said that these are two, whatever an address says. The smaller id first.
create table private.contact_separations (
  organization_id uuid not null,
  contact_id      uuid not null,
  other_id        uuid not null,
  primary key (organization_id, contact_id, other_id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, other_id) references contacts (organization_id, id) on delete cascade
);

-- What WhatsApp answered about a number as it was asked for: whether it is there, and under which number.
create table private.number_checks (
  organization_id uuid not null references organizations (id) on delete cascade,
  phone_number    text not null,              -- E.164, as it was written
  canonical       text,                       -- E.164, as WhatsApp has it; null: it is not there
  checked_at      timestamptz(3) not null default now(),
  primary key (organization_id, phone_number)
);
create index number_checks_canonical on private.number_checks (organization_id, canonical);

-- Numbers that a session is to ask WhatsApp about; whoever runs it does.
create table private.number_check_requests (
  organization_id uuid not null,
  session_id      uuid not null,
  phone_number    text not null,
  requested_at    timestamptz(3) not null default now(),
  primary key (organization_id, session_id, phone_number),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
);

create table tags (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 50),
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table contact_tags (
  organization_id uuid not null,
  contact_id      uuid not null,
  tag_id          uuid not null,
  primary key (organization_id, contact_id, tag_id),
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade,
  foreign key (organization_id, tag_id) references tags (organization_id, id) on delete cascade
);
create index contact_tags_by_tag on contact_tags (organization_id, tag_id, contact_id);

create table contact_lists (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 80),
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

create table contact_list_members (
  organization_id uuid not null,
  list_id         uuid not null,
  contact_id      uuid not null,
  added_at        timestamptz(3) not null default now(),
  primary key (organization_id, list_id, contact_id),
  foreign key (organization_id, list_id) references contact_lists (organization_id, id) on delete cascade,
  foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index contact_list_members_by_contact on contact_list_members (organization_id, contact_id);

select private.secure_table(t) from unnest(array['private.contact_evidence', 'private.contact_merges', 'private.contact_separations',
  'private.number_checks', 'private.number_check_requests', 'tags', 'contact_tags', 'contact_lists', 'contact_list_members']::regclass[]) t;
grant select, insert on private.contact_evidence to app_tenant;
grant select, insert, update on private.contact_merges, private.number_checks to app_tenant;
grant select, insert, delete on private.contact_separations, private.number_check_requests to app_tenant;
grant select, insert, update, delete on tags, contact_tags, contact_lists, contact_list_members to app_tenant;

create policy member_access on tags for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on contact_tags for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on contact_lists for select to authenticated using (organization_id in (select organization_id from memberships));
create policy member_access on contact_list_members for select to authenticated using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, name, created_at) on tags to authenticated;
grant select (organization_id, contact_id, tag_id) on contact_tags to authenticated;
grant select (organization_id, id, name, created_at) on contact_lists to authenticated;
grant select (organization_id, list_id, contact_id, added_at) on contact_list_members to authenticated;
