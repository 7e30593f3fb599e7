-- Whether the tenant has collections that the caller may not see, or documents beside the collections of its key. Search then reads the visible documents only.
create or replace function app.hides_collections() returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select app.key_collections() is not null or not app.reads_all() and exists (
    select from app.collections where tenant_id = (select app.tenant()) and readers <> '{}'
      and id not in (select app.listed_collections(current_setting('app.role', true), current_setting('app.actor', true))))
$$;
grant execute on function app.hides_collections() to resolve_app, resolve_search;
