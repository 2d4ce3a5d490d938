-- What `media_life` asks of new messages, the old ones keep, too.

alter table messages validate constraint messages_media_state;
