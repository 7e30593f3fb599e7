-- Tenants whose vectors are larger than `bytes` and have no index.
create or replace function app.tenants_to_index(bytes bigint) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.tenant_id from app.embedders e
  where e.indexed is distinct from e.serving and app.vector_bytes(e.tenant_id) > bytes
$$;
grant execute on function app.tenants_to_index(bigint) to resolve_system;
