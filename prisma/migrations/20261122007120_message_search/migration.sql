-- The search itself. Row security keeps the planner from the index of words, for its operators may tell of rows that they
-- refuse; so these run as the nodes' role, take the organization from the transaction and nowhere else, and give ids, which
-- are read again under the policies.

-- The query for all words of a text; null when it has none.
create function private.query_of(said text) returns tsquery
  language sql immutable strict parallel safe
  as $$ select string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' & ')::tsquery from unnest(private.words_of(said)) $$;

-- What a text has to have in it literally, as patterns for LIKE: of "50% off" the "50%" and the "off".
create function private.patterns_of(said text) returns text[]
  language sql immutable strict parallel safe
  as $$ select array_agg('%' || replace(replace(replace(part, '\', '\\'), '%', '\%'), '_', '\_') || '%')
          from unnest(string_to_array(private.folded(said), ' ')) part where part <> '' $$;

-- Whether a text says it: all of its words, and what else is written between them.
create function private.says(text text, words tsquery, patterns text[]) returns boolean
  language sql immutable parallel safe
  return private.folded(text) like all (patterns) and (words is null or private.words_of(text) @@ words);

-- By the index, of three days, in no order; no more than `most`. Only a bitmap reads an index of words.
create function private.messages_in_days(days text, words tsquery, patterns text[], before uuid, since uuid, most integer) returns uuid[]
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off set enable_indexscan = off
  set plan_cache_mode = force_generic_plan
  as $$
begin
  return array(
    select m.id from public.messages m
     where m.organization_id = private.current_organization() and private.days_of(m.id) = days
       and private.words_of(m.text) operator(pg_catalog.@@) words and m.text <> ''
       and m.id < before and m.id >= since and private.folded(m.text) like all (patterns)
     limit most);
end $$;

-- One after the other, the newest first, without the index: `looked_at` messages at most.
create function private.messages_by_walk(words tsquery, patterns text[], before uuid, since uuid, wanted integer, looked_at integer,
    out ids uuid[], out reached uuid)
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
  set plan_cache_mode = force_generic_plan
  as $$
begin
  ids := array(
    select w.id from (
      select m.id, m.text from public.messages m
       where m.organization_id = private.current_organization() and m.id < before and m.id >= since
       order by m.id desc limit looked_at) w
     where w.text <> '' and private.says(w.text, words, patterns) limit wanted);
  if cardinality(ids) = wanted then
    reached := ids[wanted];
  else
    select m.id into reached from public.messages m
     where m.organization_id = private.current_organization() and m.id < before and m.id >= since
     order by m.id desc offset looked_at - 1 limit 1;
  end if;
end $$;

-- The newest messages that say something, the newest first: up to `wanted`, and `reached`, the id above which there are no
-- others; null when there are none at all. It looks at so much and goes no further: what is left is asked for by `before`.
--
-- What is often said is found among the last messages. Otherwise three days after the other are asked of the index. Where
-- those are too many to put in order, it walks again.
create function private.find_messages(said text, before uuid, since uuid, wanted integer, out ids uuid[], out reached uuid)
  language plpgsql stable security definer set search_path = ''
  as $$
declare
  walk constant integer := 1000;
  long_walk constant integer := 5000;
  dense constant integer := 2000;
  steps integer := 250;
  deadline constant timestamptz := pg_catalog.clock_timestamp() + interval '250 ms';
  words constant tsquery := private.query_of(said);
  patterns constant text[] := private.patterns_of(said);
  next uuid;
  batch uuid[];
begin
  select w.ids, w.reached into ids, reached
    from private.messages_by_walk(words, patterns, before, since, wanted, case when words is null then long_walk else walk end) w;
  while words is not null and reached is not null and cardinality(ids) < wanted loop
    select m.id into next from public.messages m
     where m.organization_id = private.current_organization() and m.id < reached and m.id >= since order by m.id desc limit 1;
    if next is null then
      reached := null;
      return;
    end if;
    if steps = 0 or pg_catalog.clock_timestamp() > deadline then return; end if;
    steps := steps - 1;
    batch := private.messages_in_days(private.days_of(next), words, patterns, reached, since, dense);
    if cardinality(batch) = dense then
      select find_messages.ids || w.ids, w.reached into ids, reached
        from private.messages_by_walk(words, patterns, reached, since, wanted - cardinality(ids), long_walk) w;
      return;
    end if;
    ids := ids || array(select id from unnest(batch) id order by id desc);
    reached := (private.days_of(next) || '000-0000-1000-8000-000000000000')::uuid;
  end loop;
  if cardinality(ids) >= wanted then
    ids := ids[:wanted];
    reached := ids[wanted];
  end if;
end $$;

revoke all on function private.query_of(text), private.patterns_of(text), private.says(text, tsquery, text[]),
  private.messages_in_days(text, tsquery, text[], uuid, uuid, integer),
  private.messages_by_walk(tsquery, text[], uuid, uuid, integer, integer),
  private.find_messages(text, uuid, uuid, integer) from public;
grant execute on function private.query_of(text), private.patterns_of(text), private.says(text, tsquery, text[]) to app_tenant, app_system;
grant execute on function private.find_messages(text, uuid, uuid, integer) to app_tenant;

grant create on schema private to app_system;
alter function private.messages_in_days(text, tsquery, text[], uuid, uuid, integer) owner to app_system;
alter function private.messages_by_walk(tsquery, text[], uuid, uuid, integer, integer) owner to app_system;
alter function private.find_messages(text, uuid, uuid, integer) owner to app_system;
revoke create on schema private from app_system;
