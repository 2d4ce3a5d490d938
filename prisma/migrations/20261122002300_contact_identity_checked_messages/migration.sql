-- As of contacts.

alter table messages validate constraint messages_origin_conversation_id_fkey;
