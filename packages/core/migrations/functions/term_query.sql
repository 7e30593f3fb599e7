-- A query for one lexeme, whatever characters the lexeme has.
create or replace function app.term_query(lexeme text) returns tsquery language sql immutable strict parallel safe
return ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery;
grant execute on function app.term_query(text) to resolve_app, resolve_search;
