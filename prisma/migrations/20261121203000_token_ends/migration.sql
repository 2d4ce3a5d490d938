-- Access tokens are believed without asking the database. When a password or an address changes, or a session ends, those that
-- were issued before it are not believed any more: nodes remember who that is, for as long as such a token could live.
-- It is written by triggers, so that nobody who changes a password can forget it, nor die before he does it.

alter table private.auth_users add column tokens_not_before timestamptz(3); -- by the database's clock; null: never changed

create function private.end_tokens() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'auth_users' then
    new.tokens_not_before := clock_timestamp();
    return new;
  end if;
  update private.auth_users set tokens_not_before = clock_timestamp() where id = old.user_id;
  return null;
end $$;

create trigger address_ends_tokens before update of email on private.auth_users
  for each row when (old.email is distinct from new.email) execute function private.end_tokens();
create trigger password_ends_tokens after update of password on private.auth_accounts
  for each row when (old.password is distinct from new.password) execute function private.end_tokens();
create trigger session_ends_tokens after delete on private.auth_sessions
  for each row execute function private.end_tokens();
