-- When a message is to leave, how urgent it is, and how often it is tried.

alter table messages
  add column priority     smallint not null default 5, -- 1 before all others … 10 after them
  add column scheduled_at timestamptz(3);              -- no earlier than this; null: as soon as it can
grant select (priority, scheduled_at) on messages to authenticated;

-- What is due has no time ("-infinity"), what waits for one has it: the sweep takes it away when it has come. So the queue is
-- read in its order, however much lies in it for later.
alter table private.outbox
  alter column send_after set default '-infinity',
  add column conversation_id uuid,                     -- while one message of a chat is tried again, those after it wait
  add column expires_at      timestamptz(3),           -- as its message says
  add column max_attempts    smallint not null default 3,
  add column due_since       timestamptz(3) not null default now(); -- since when nothing but its number and its turn is waited for
