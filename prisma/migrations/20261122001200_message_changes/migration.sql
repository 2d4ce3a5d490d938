-- Reactions, edits, deletions and votes are rows of `messages`, each stored once. What they make of the message that they are
-- about follows from the rows alone, whatever the order in which they came: it is worked out anew when one is added.

-- What was said about a message, as far as it counts: all that came in, and what WhatsApp took of what is ours.
create function private.changes_of(org uuid, ids uuid[]) returns table (
    message_id uuid, change_id text, type text, author text, by_author boolean, text text, content jsonb, at timestamptz)
  language sql stable as $$
    select m.id, c.whatsapp_message_id, c.type, case c.direction when 'outbound' then 'self' else 'peer' end, c.direction = m.direction,
           c.text, c.content, coalesce(c.sent_at, c.delivered_at, c.created_at)
      from public.messages m join public.messages c
        on c.organization_id = m.organization_id and c.session_id = m.session_id
       and c.target_whatsapp_message_id = m.whatsapp_message_id and c.target_direction = m.direction and c.conversation_id = m.conversation_id
     where m.organization_id = org and m.id = any (ids) and m.target_whatsapp_message_id is null
       and (c.status = 'received' or private.status_rank(c.status) >= private.status_rank('sent'))
$$;

-- Works out what became of messages. WhatsApp's apps take an edit for fifteen minutes, and for five more from those whose
-- clock is late (whatsmeow's EditWindow, read November 2026); a deletion is honoured whenever it comes.
create function private.settle_messages(org uuid, ids uuid[]) returns void
  language plpgsql as $$
begin
  if coalesce(cardinality(ids), 0) = 0 then return; end if;
  perform from public.messages m where m.organization_id = org and m.id = any (ids) order by m.id for no key update;

  update public.messages m
     set deleted_at = gone.at, edited_at = null, text = null, content = null, reply_to = null, payload = null, media_id = null, media_state = 'none'
    from (select message_id, min(at) as at from private.changes_of(org, ids) where type = 'delete' and by_author group by message_id) gone
   where m.organization_id = org and m.id = gone.message_id and m.deleted_at is distinct from gone.at;
  update public.messages c
     set text = null, content = null, payload = null
    from public.messages m
   where m.organization_id = org and m.id = any (ids) and m.deleted_at is not null
     and c.organization_id = org and c.session_id = m.session_id and c.target_whatsapp_message_id = m.whatsapp_message_id
     and c.target_direction = m.direction and c.conversation_id = m.conversation_id and c.type in ('edit', 'poll_vote')
     and num_nonnulls(c.text, c.content, c.payload) > 0;
  delete from public.message_versions v using public.messages m
   where m.organization_id = org and m.id = any (ids) and m.deleted_at is not null and v.organization_id = org and v.message_id = m.id;

  insert into public.message_versions (organization_id, message_id, whatsapp_message_id, text, written_at)
  select org, m.id, m.whatsapp_message_id, m.text, coalesce(m.sent_at, m.created_at) from public.messages m
   where m.organization_id = org and m.id = any (ids) and m.deleted_at is null
     and exists (select from private.changes_of(org, array[m.id]) c
                  where c.type = 'edit' and c.by_author and c.at <= coalesce(m.sent_at, m.created_at) + interval '20 min')
  on conflict do nothing;
  insert into public.message_versions (organization_id, message_id, whatsapp_message_id, text, written_at)
  select org, c.message_id, c.change_id, c.text, c.at
    from private.changes_of(org, ids) c join public.messages m on m.organization_id = org and m.id = c.message_id
   where c.type = 'edit' and c.by_author and m.deleted_at is null and c.at <= coalesce(m.sent_at, m.created_at) + interval '20 min'
  on conflict do nothing;
  update public.messages m
     set text = newest.text, edited_at = newest.at,
         content = nullif(coalesce(m.content, '{}') - 'mentions' - 'link_preview' || coalesce(newest.content, '{}'), '{}')
    from (select distinct on (c.message_id) c.*
            from private.changes_of(org, ids) c join public.messages t on t.organization_id = org and t.id = c.message_id
           where c.type = 'edit' and c.by_author and c.at <= coalesce(t.sent_at, t.created_at) + interval '20 min'
           order by c.message_id, c.at desc, c.change_id desc) newest
   where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null;

  delete from public.message_reactions r where r.organization_id = org and r.message_id = any (ids);
  insert into public.message_reactions (organization_id, message_id, author, emoji, reacted_at)
  select org, message_id, author, newest.text, at
    from (select distinct on (c.message_id, c.author) c.* from private.changes_of(org, ids) c where c.type = 'reaction'
           order by c.message_id, c.author, c.at desc, c.change_id desc) newest
   where newest.text <> '' and exists (
     select from public.messages m where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null);

  delete from public.poll_votes v where v.organization_id = org and v.message_id = any (ids);
  insert into public.poll_votes (organization_id, message_id, author, options, voted_at)
  select org, message_id, author, array(select value::integer from jsonb_array_elements_text(newest.content -> 'vote') order by 1), at
    from (select distinct on (c.message_id, c.author) c.* from private.changes_of(org, ids) c
           where c.type = 'poll_vote' and c.content ? 'vote'
           order by c.message_id, c.author, c.at desc, c.change_id desc) newest
   where newest.content -> 'vote' <> '[]' and exists (
     select from public.messages m where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null);
end $$;

-- Does what these changes say to the messages that they are about, as far as those are here, and tells of it.
create function private.apply_changes(org uuid, changes uuid[]) returns void
  language plpgsql as $$
declare
  targets uuid[];
begin
  select array_agg(distinct m.id) into targets
    from public.messages c join public.messages m
      on m.organization_id = c.organization_id and m.session_id = c.session_id
     and m.whatsapp_message_id = c.target_whatsapp_message_id and m.direction = c.target_direction and m.conversation_id = c.conversation_id
   where c.organization_id = org and c.id = any (changes) and m.target_whatsapp_message_id is null;
  if targets is null then return; end if;
  perform private.settle_messages(org, targets);
  insert into private.facts (organization_id, type, subject, payload)
  select org, 'message.updated', m.id, jsonb_build_object('message_id', m.id, 'conversation_id', m.conversation_id,
                                                          'session_id', m.session_id, 'change', c.type)
    from public.messages c join public.messages m
      on m.organization_id = c.organization_id and m.session_id = c.session_id
     and m.whatsapp_message_id = c.target_whatsapp_message_id and m.direction = c.target_direction and m.conversation_id = c.conversation_id
   where c.organization_id = org and c.id = any (changes) and m.target_whatsapp_message_id is null
   order by c.id;
end $$;

-- Ours are done when WhatsApp's server has them, whoever is the first to say so: its answer, or a receipt of the person's phone.
create function private.change_taken() returns trigger
  language plpgsql as $$
begin
  perform private.apply_changes(new.organization_id, array[new.id]);
  return null;
end $$;
create trigger change_taken after update of status on messages for each row
  when (new.target_whatsapp_message_id is not null and private.status_rank(new.status) >= private.status_rank('sent')
        and private.status_rank(old.status) < private.status_rank('sent'))
  execute function private.change_taken();

-- Two conversations turn out to be with one person: what was said in the one is of messages in the other, too. When they are
-- two again, what was said is of none that it left behind.
create function private.message_moved() returns trigger
  language plpgsql as $$
begin
  if new.target_whatsapp_message_id is not null then
    perform private.apply_changes(new.organization_id, array[new.id]);
    perform private.settle_messages(new.organization_id, array(
      select m.id from public.messages m
       where m.organization_id = new.organization_id and m.session_id = new.session_id and m.whatsapp_message_id = new.target_whatsapp_message_id
         and m.direction = new.target_direction and m.conversation_id = old.conversation_id));
  elsif exists (select from public.messages c
                 where c.organization_id = new.organization_id and c.session_id = new.session_id
                   and c.target_whatsapp_message_id = new.whatsapp_message_id) then
    perform private.settle_messages(new.organization_id, array[new.id]);
  end if;
  return null;
end $$;
create trigger message_moved after update of conversation_id on messages for each row
  when (new.conversation_id <> old.conversation_id)
  execute function private.message_moved();

revoke all on function private.changes_of(uuid, uuid[]), private.settle_messages(uuid, uuid[]), private.apply_changes(uuid, uuid[]), private.change_taken(), private.message_moved() from public;
grant execute on function private.changes_of(uuid, uuid[]), private.settle_messages(uuid, uuid[]), private.apply_changes(uuid, uuid[]), private.change_taken(), private.message_moved() to app_tenant, app_system;
