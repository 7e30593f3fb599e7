-- Whether the tenant has collections that the caller may not see, or documents beside the collections of its key. Search then reads the visible documents only.
-- In PL/pgSQL a session keeps the plan; a function in SQL is planned by each statement that calls it.
create or replace function app.hides_collections() returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if app.key_collections() is not null then return true; end if;
  if app.reads_all() then return false; end if;
  return exists (
    select from app.collections where tenant_id = (select app.tenant()) and readers <> '{}'
      and id not in (select app.listed_collections(current_setting('app.role', true), current_setting('app.actor', true))));
end $$;
grant execute on function app.hides_collections() to resolve_app, resolve_search;
