-- What `new_chats` asks of new rows, the old ones keep, too.

alter table sessions validate constraint sessions_new_chats_per_day, validate constraint sessions_quiet_hours_of;
