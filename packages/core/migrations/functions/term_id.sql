-- The number of a lexeme in a sparse vector. The language is part of it: the German word "die" and the English one differ.
-- This is the hash by which PostgreSQL partitions text, so it stays the same in the next major version.
create or replace function app.term_id(language text, lexeme text) returns int language sql immutable strict parallel safe
return (hashtextextended(lexeme, hashtext(language)) & 536870911)::int + 1;
grant execute on function app.term_id(text, text) to resolve_app, resolve_search;
