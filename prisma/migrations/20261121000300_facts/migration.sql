-- The log of what happened, written in the transaction that made it true. Followers (the live socket, later webhooks and
-- GoHighLevel) keep a cursor of (xid, id) and read only below the oldest transaction that still runs: a plain sequence
-- would make them skip rows that commit late.

create table private.facts (
  xid             xid8 not null default pg_current_xact_id(),
  id              bigint generated always as identity,
  organization_id uuid not null,
  type            text not null,
  version         smallint not null default 1,
  subject         uuid not null,
  payload         jsonb not null,
  time            timestamptz(3) not null default now()
) partition by range (time);
create index facts_by_cursor on private.facts (xid, id);
-- For a client that comes back: without it, one of a quiet organization reads what happened in all the others.
create index facts_by_organization on private.facts (organization_id, xid, id);
select private.secure_table('private.facts');
grant insert on private.facts to app_tenant;

-- Catches what no day's partition takes, so that a node that never did its housekeeping still writes.
create table private.facts_rest partition of private.facts default;
select private.secure_table('private.facts_rest');

-- Makes the partitions of today and the two days after, and drops those that end before `keep_from`.
-- It runs as the owner, because only the owner may; nodes call it, and nothing in it comes from a user.
create function private.maintain_facts(keep_from timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  day date;
  part text;
begin
  -- One node at a time; the others have nothing left to do.
  if not pg_try_advisory_xact_lock(hashtext('private.maintain_facts')) then return; end if;
  for day in select generate_series(current_date, current_date + 2, interval '1 day')::date loop
    part := 'facts_' || to_char(day, 'YYYYMMDD');
    continue when to_regclass('private.' || part) is not null;
    begin
      execute format('create table private.%I partition of private.facts for values from (%L) to (%L)', part, day, day + 1);
      perform private.secure_table(format('private.%I', part)::regclass);
    exception when check_violation then null; -- facts_rest already holds rows of that day, and keeps them
    end;
  end loop;
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'private.facts'::regclass and c.relname ~ '^facts_\d{8}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= keep_from
  loop
    execute format('drop table private.%I', part);
  end loop;
end $$;
revoke all on function private.maintain_facts(timestamptz) from public;
grant execute on function private.maintain_facts(timestamptz) to app_system;
select private.maintain_facts('-infinity');

-- How far a follower has come. `name` is the follower, one row for all nodes, or one per node where each follows for itself.
create table private.fact_cursors (
  name       text primary key,
  xid        xid8 not null,
  id         bigint not null,
  updated_at timestamptz(3) not null default now()
);
select private.secure_table('private.fact_cursors', null);
