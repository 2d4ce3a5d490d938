create index concurrently if not exists media_to_prepare on media (prepare_after) where preparation = 'pending';
