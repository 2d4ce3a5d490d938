-- What `session_behaviour` asks of new rows, the old ones keep, too.

alter table sessions validate constraint sessions_color, validate constraint sessions_max_per_minute;
