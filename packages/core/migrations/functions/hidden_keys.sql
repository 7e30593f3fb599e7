-- The tenant's versions whose chunks search must not find (app.hidden_versions); null when there are none.
-- In PL/pgSQL a session keeps the plan; a function in SQL is planned by each statement that calls it.
create or replace function app.hidden_keys() returns app.version_key[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select array_agg(row(h.document_id, h.version)::app.version_key) from app.hidden_versions h where h.tenant_id = app.tenant());
end $$;
grant execute on function app.hidden_keys() to resolve_app, resolve_search;
