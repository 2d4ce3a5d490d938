-- Finding messages by the words that they say.

create extension if not exists btree_gin with schema private;

-- A text as it is compared: letters that look alike are the same, marks over and between them are none.
create function private.folded(said text) returns text
  language sql immutable strict parallel safe
  return lower(translate(said,
    'أإآٱىئؤة' || U&'\00A0' || U&'\0640\064B\064C\064D\064E\064F\0650\0651\0652\0670\05B0\05B1\05B2\05B3\05B4\05B5\05B6\05B7\05B8\05B9\05BB\05BC\05BF\05C1\05C2\200B\200C\200D\200E\200F\202A\202B\202C\202D\202E\2066\2067\2068\2069\FE0F\FEFF',
    'ااااييوه '));

-- The words of a text. What stands between words is the same in each database, whatever its locale; the beginning of a very
-- long text is enough, and a tsvector has an end.
create function private.words_of(said text) returns tsvector
  language sql immutable strict parallel safe
  return to_tsvector('simple'::regconfig, translate(private.folded(left(said, 20000)),
    '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~،؛؟…–—«»“”‘’״׳־•·' || chr(10) || chr(13) || chr(9),
    repeat(' ', 60)));

-- Messages of three days: the time that an id begins with, without its last digits.
create function private.days_of(id uuid) returns text
  language sql immutable strict parallel safe
  return left(id::text, 5);

revoke all on function private.folded(text), private.words_of(text), private.days_of(uuid) from public;
grant execute on function private.folded(text), private.words_of(text), private.days_of(uuid) to app_tenant, app_system;
