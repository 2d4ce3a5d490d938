-- How much of each rate limit is used, for all nodes together. Unlogged: it costs no WAL, and a crash forgives everybody.

create unlogged table private.rate_limits (
  key       text primary key,                 -- sha-256 of whose limit it is: addresses and accounts are nobody's business
  used      integer not null,
  resets_at timestamptz(3) not null           -- by the database's clock; rows of before are swept away
) with (fillfactor = 70);
create index rate_limits_by_reset on private.rate_limits (resets_at);
select private.secure_table('private.rate_limits', null);
