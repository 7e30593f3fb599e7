-- Tenants whose vectors are larger than `bytes` and have no index. A server whose builds would hold up everything else sets
-- `app.exact_bytes`, below which it searches exactly.
create or replace function app.tenants_to_index(bytes bigint) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.tenant_id from app.embedders e
  where e.indexed is distinct from e.serving and app.vector_bytes(e.tenant_id) > greatest(bytes, nullif(current_setting('app.exact_bytes', true), '')::bigint)
$$;
grant execute on function app.tenants_to_index(bigint) to resolve_system;
