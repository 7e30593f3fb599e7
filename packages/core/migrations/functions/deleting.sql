-- The tenant's documents that wait for their purge: search must not find them, and their chunks and vectors are still there.
-- In PL/pgSQL, as the functions beside it: a session keeps the plan, and a search plans only what depends on the search.
create or replace function app.deleting() returns uuid[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return array(select d.id from app.documents d where d.tenant_id = app.tenant() and d.status = 'deleting');
end $$;
grant execute on function app.deleting() to resolve_app, resolve_search;
