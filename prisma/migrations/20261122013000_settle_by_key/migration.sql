-- As before, but every row is looked up by its key. Until the database has looked at a table for the first time, a minute after
-- rows came, it takes one row of an organization for as likely as another, and read all of them for each of them for each of
-- them: 500 messages that had just been imported made one reaction take 40 s. `offset 0` keeps a look-up one. Which change of
-- one second was accepted last, its own row says.
drop function private.changes_of(uuid, uuid[]);
create function private.changes_of(org uuid, ids uuid[]) returns table (
    message_id uuid, message_at timestamptz, message_deleted boolean, change_id text, accepted_id uuid, type text, author text,
    by_author boolean, text text, content jsonb, at timestamptz)
  language sql stable as $$
    select m.id, coalesce(m.sent_at, m.created_at), m.deleted_at is not null, c.whatsapp_message_id,
           case when c.direction = 'outbound' and c.trigger is not null then c.id end, c.type,
           case c.direction when 'outbound' then 'self' else 'peer' end, c.direction = m.direction, c.text, c.content,
           coalesce(c.sent_at, c.delivered_at, c.created_at)
      from (select distinct unnest(ids) as id) i
      cross join lateral (
        select organization_id, id, session_id, conversation_id, whatsapp_message_id, direction, sent_at, created_at, deleted_at
          from public.messages where organization_id = org and id = i.id and target_whatsapp_message_id is null offset 0) m
      cross join lateral (
        select id, whatsapp_message_id, direction, trigger, type, text, content, sent_at, delivered_at, created_at
          from public.messages
         where organization_id = m.organization_id and session_id = m.session_id and target_whatsapp_message_id = m.whatsapp_message_id
           and target_direction = m.direction and conversation_id = m.conversation_id
           and (status = 'received' or private.status_rank(status) >= private.status_rank('sent')) offset 0) c
$$;
revoke all on function private.changes_of(uuid, uuid[]) from public;
grant execute on function private.changes_of(uuid, uuid[]) to app_tenant, app_system;

-- The edits of these messages that count: by whoever wrote them, within the time that WhatsApp gives.
create function private.edits_of(org uuid, ids uuid[]) returns table (
    message_id uuid, change_id text, accepted_id uuid, text text, content jsonb, at timestamptz)
  language sql stable as $$
    select message_id, change_id, accepted_id, text, content, at from private.changes_of(org, ids)
     where type = 'edit' and by_author and not message_deleted and at <= message_at + interval '20 min'
$$;
revoke all on function private.edits_of(uuid, uuid[]) from public;
grant execute on function private.edits_of(uuid, uuid[]) to app_tenant, app_system;

create or replace function private.settle_messages(org uuid, ids uuid[]) returns void
  language plpgsql as $$
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  perform from public.messages m where m.organization_id = org and m.id = any (ids) order by m.id for no key update;

  with gone as materialized (
    select message_id, min(at) as at from private.changes_of(org, ids) where type = 'delete' and by_author group by message_id
  )
  update public.messages m
     set deleted_at = gone.at, edited_at = null, text = null, content = null, reply_to = null, payload = null, media_id = null, media_state = 'none'
    from gone where m.organization_id = org and m.id = gone.message_id and m.deleted_at is distinct from gone.at;
  update public.messages c
     set text = null, content = null, payload = null
    from public.messages m
   where m.organization_id = org and m.id = any (ids) and m.deleted_at is not null
     and c.organization_id = org and c.session_id = m.session_id and c.target_whatsapp_message_id = m.whatsapp_message_id
     and c.target_direction = m.direction and c.conversation_id = m.conversation_id and c.type in ('edit', 'poll_vote')
     and num_nonnulls(c.text, c.content, c.payload) > 0;
  delete from public.message_versions v using public.messages m
   where m.organization_id = org and m.id = any (ids) and m.deleted_at is not null and v.organization_id = org and v.message_id = m.id;

  with edited as materialized (select distinct message_id from private.edits_of(org, ids))
  insert into public.message_versions (organization_id, message_id, whatsapp_message_id, text, written_at)
  select org, m.id, m.whatsapp_message_id, m.text, coalesce(m.sent_at, m.created_at)
    from edited join public.messages m on m.organization_id = org and m.id = edited.message_id
  on conflict do nothing;
  insert into public.message_versions (organization_id, message_id, whatsapp_message_id, text, written_at)
  select org, message_id, change_id, text, at from private.edits_of(org, ids)
  on conflict do nothing;
  with newest as materialized (
    select distinct on (message_id) * from private.edits_of(org, ids)
     order by message_id, at desc, accepted_id desc nulls last, change_id desc
  )
  update public.messages m
     set text = newest.text, edited_at = newest.at,
         content = nullif(coalesce(m.content, '{}') - 'mentions' - 'link_preview' || coalesce(newest.content, '{}'), '{}')
    from newest where m.organization_id = org and m.id = newest.message_id;

  delete from public.message_reactions r where r.organization_id = org and r.message_id = any (ids);
  insert into public.message_reactions (organization_id, message_id, author, emoji, reacted_at)
  select org, message_id, author, text, at
    from (select distinct on (message_id, author) * from private.changes_of(org, ids) where type = 'reaction'
           order by message_id, author, at desc, accepted_id desc nulls last, change_id desc) newest
   where text <> '' and not message_deleted;

  delete from public.poll_votes v where v.organization_id = org and v.message_id = any (ids);
  insert into public.poll_votes (organization_id, message_id, author, options, voted_at)
  select org, message_id, author, array(select value::integer from jsonb_array_elements_text(content -> 'vote') order by 1), at
    from (select distinct on (message_id, author) * from private.changes_of(org, ids) where type = 'poll_vote' and content ? 'vote'
           order by message_id, author, at desc, accepted_id desc nulls last, change_id desc) newest
   where content -> 'vote' <> '[]' and not message_deleted;
end $$;
