-- Long work that people watch, pause and end.

create table jobs (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  kind            text not null check (kind in ('bulk_messages')),
  name            text not null check (length(name) <= 200),
  state           text not null check (state in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  applied         boolean not null default true, -- whether what it consists of has followed the state
  session_id      uuid,                       -- the number that it leaves from
  total           integer not null,
  counts          jsonb not null default '{}', -- how many of it are how far, as of the last count
  result          jsonb,
  created_by      text not null,              -- whoever began it, as he was called then
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  finished_at     timestamptz(3),
  count_after     timestamptz(3) default now(), -- when a node counts again; null: never
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references sessions (organization_id, id)
) with (fillfactor = 80);
create index jobs_to_count on jobs (count_after) where count_after is not null;
select private.secure_table('jobs');
grant select, insert, update on jobs to app_tenant;
create policy member_access on jobs for select to authenticated
  using (organization_id in (select organization_id from memberships));
grant select (organization_id, id, kind, name, state, session_id, total, counts, result, created_by, created_at, updated_at, finished_at)
  on jobs to authenticated;

-- A file of people to write to: read, checked by a mapping of its columns, and launched once.
create table private.imports (
  organization_id uuid not null references organizations (id) on delete cascade,
  id              uuid not null,
  file_name       text not null,
  state           text not null check (state in ('reading', 'ready', 'launched', 'failed')),
  error_code      text,                       -- why it failed
  encoding        text,
  delimiter       text,
  columns         text[],                     -- the names in its first line
  row_count       integer not null default 0,
  mapping         jsonb,
  job_id          uuid,
  created_by      text not null,
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, job_id) references jobs (organization_id, id)
);
create index imports_by_age on private.imports (updated_at);
select private.secure_table('private.imports');
grant select, insert, update, delete on private.imports to app_tenant;

create table private.import_rows (
  organization_id uuid not null,
  import_id       uuid not null,
  line            integer not null,           -- in the file, the first being 1
  cells           text[],
  primary key (organization_id, import_id, line),
  foreign key (organization_id, import_id) references private.imports (organization_id, id) on delete cascade
);
select private.secure_table('private.import_rows');
grant select, insert, delete on private.import_rows to app_tenant;
