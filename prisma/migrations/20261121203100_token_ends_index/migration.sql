create index concurrently if not exists auth_users_by_token_end on private.auth_users (tokens_not_before)
  where tokens_not_before is not null;
