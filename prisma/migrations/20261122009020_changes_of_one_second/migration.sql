-- As before; but WhatsApp's times are whole seconds, and of changes that were accepted here and left in the same one the last
-- counts that was accepted: their ids are in that order. It was the one whose WhatsApp id is the greatest, which is chance.
create or replace function private.settle_messages(org uuid, ids uuid[]) returns void
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
            left join public.messages a on a.organization_id = org and a.session_id = t.session_id and a.whatsapp_message_id = c.change_id
              and a.direction = 'outbound' and a.conversation_id = t.conversation_id and a.trigger is not null
           where c.type = 'edit' and c.by_author and c.at <= coalesce(t.sent_at, t.created_at) + interval '20 min'
           order by c.message_id, c.at desc, a.id desc nulls last, c.change_id desc) newest
   where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null;

  delete from public.message_reactions r where r.organization_id = org and r.message_id = any (ids);
  insert into public.message_reactions (organization_id, message_id, author, emoji, reacted_at)
  select org, message_id, author, newest.text, at
    from (select distinct on (c.message_id, c.author) c.* from private.changes_of(org, ids) c join public.messages t on t.organization_id = org and t.id = c.message_id
            left join public.messages a on a.organization_id = org and a.session_id = t.session_id and a.whatsapp_message_id = c.change_id
              and a.direction = 'outbound' and a.conversation_id = t.conversation_id and a.trigger is not null
           where c.type = 'reaction'
           order by c.message_id, c.author, c.at desc, a.id desc nulls last, c.change_id desc) newest
   where newest.text <> '' and exists (
     select from public.messages m where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null);

  delete from public.poll_votes v where v.organization_id = org and v.message_id = any (ids);
  insert into public.poll_votes (organization_id, message_id, author, options, voted_at)
  select org, message_id, author, array(select value::integer from jsonb_array_elements_text(newest.content -> 'vote') order by 1), at
    from (select distinct on (c.message_id, c.author) c.* from private.changes_of(org, ids) c join public.messages t on t.organization_id = org and t.id = c.message_id
            left join public.messages a on a.organization_id = org and a.session_id = t.session_id and a.whatsapp_message_id = c.change_id
              and a.direction = 'outbound' and a.conversation_id = t.conversation_id and a.trigger is not null
           where c.type = 'poll_vote' and c.content ? 'vote'
           order by c.message_id, c.author, c.at desc, a.id desc nulls last, c.change_id desc) newest
   where newest.content -> 'vote' <> '[]' and exists (
     select from public.messages m where m.organization_id = org and m.id = newest.message_id and m.deleted_at is null);
end $$;
