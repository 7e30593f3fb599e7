-- How many chunks a ranking may read before it ignores the most frequent words.
create or replace function app.candidates_max(size double precision) returns double precision language sql immutable parallel safe
return greatest(5000, size / 10);
grant execute on function app.candidates_max(double precision) to resolve_app, resolve_search;
