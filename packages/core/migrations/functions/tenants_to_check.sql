-- Tenants with vectors, and whether search may use an index.
create or replace function app.tenants_to_check() returns table (tenant_id uuid, is_indexed boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.tenant_id, coalesce(e.indexed = e.serving, false) from app.embedders e order by e.tenant_id
$$;
grant execute on function app.tenants_to_check() to resolve_system;
