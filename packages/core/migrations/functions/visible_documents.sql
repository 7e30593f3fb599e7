-- The documents that a search of the caller may find, by the policies; null when nothing is hidden from it.
create or replace function app.visible_documents() returns uuid[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not app.hides_collections() then return null; end if;
  return array(select d.id from app.documents d
    where d.tenant_id = app.tenant() and d.live_version is not null and d.status <> 'deleting');
end $$;
grant execute on function app.visible_documents() to resolve_app, resolve_search;
