-- What is known of a file beyond its bytes, and how it comes and goes.

alter table media
  add column duration_seconds  integer,
  add column waveform          bytea,      -- 64 heights, 0 to 100
  add column thumbnail         bytea,      -- a small JPEG
  add column voice_storage_key text,       -- the recording as WhatsApp wants it of a voice message, where the file is not one already
  add column voice_size_bytes  bigint,
  add column preparation       text not null default 'none', -- what is found out of it, and made of it, after it was stored
  add column preparation_tries smallint not null default 0,
  add column prepare_after     timestamptz(3) not null default '-infinity', -- also how long the node that is at it has for it
  add column removed_at        timestamptz(3), -- its bytes are gone
  add constraint media_preparation check (preparation in ('none', 'pending', 'ready', 'failed')) not valid;

alter table messages
  drop constraint messages_media_state_check,
  add constraint messages_media_state check (media_state in ('none', 'pending', 'requested', 'stored', 'failed')) not valid;

grant select (duration_seconds, waveform, thumbnail, preparation, removed_at) on media to authenticated;

-- Objects in the store that no row of `media` answers for: they are being put there, or taken away.
create table private.unsettled_objects (
  organization_id uuid not null references organizations (id) on delete cascade,
  storage_key     text not null,
  touched_at      timestamptz(3) not null default now(), -- when somebody last began to put it there
  removing_at     timestamptz(3),             -- null: being put; else: since when a node takes it away
  primary key (organization_id, storage_key)
);
select private.secure_table('private.unsettled_objects');
grant select, insert, update, delete on private.unsettled_objects to app_tenant;

-- Files that WhatsApp no longer had, and that the number's own phone is asked for.
create table private.media_requests (
  organization_id uuid not null,
  message_id      uuid not null,
  session_id      uuid not null,
  asks            smallint not null default 0,
  created_at      timestamptz(3) not null default now(),
  primary key (organization_id, message_id),
  foreign key (organization_id, message_id) references messages (organization_id, id) on delete cascade,
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade
) with (fillfactor = 80);
create index media_requests_by_session on private.media_requests (organization_id, session_id);
select private.secure_table('private.media_requests');
grant select, insert, update, delete on private.media_requests to app_tenant;
