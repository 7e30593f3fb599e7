-- The tenant's documents that wait for their purge: search must not find them, and their chunks and vectors are still there.
-- In PL/pgSQL a session keeps the plan, which has a part for each month. It runs as resolve_search for every caller, since a plan is made
-- again when the role has changed, and a search calls it with two (1.4 ms of each search, measured).
set local role resolve_search;
create or replace function app.deleting() returns uuid[] language plpgsql stable security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
begin
  return array(select d.id from app.documents d where d.tenant_id = app.tenant() and d.status = 'deleting');
end $$;
grant execute on function app.deleting() to resolve_app, resolve_search;
