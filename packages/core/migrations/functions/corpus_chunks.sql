-- How many chunks the tenant's documents in a language have: those that the caller may see, if it may not see all (`is_limited`).
-- In PL/pgSQL a session keeps the plan, which has a part for each month.
create or replace function app.chunks_in(of_language text, is_limited boolean) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  return (select sum(d.chunks) from app.documents d where d.tenant_id = app.tenant() and d.language = of_language and d.live_version is not null
    and (not is_limited or d.status <> 'deleting'));
end $$;
grant execute on function app.chunks_in(text, boolean) to resolve_search;
