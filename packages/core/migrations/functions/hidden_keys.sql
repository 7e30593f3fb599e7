-- The tenant's versions whose chunks search must not find (app.hidden_versions); null when there are none.
create or replace function app.hidden_keys() returns app.version_key[] language sql stable set search_path = pg_catalog, pg_temp
return (select array_agg(row(h.document_id, h.version)::app.version_key) from app.hidden_versions h where h.tenant_id = app.tenant());
grant execute on function app.hidden_keys() to resolve_app, resolve_search;
