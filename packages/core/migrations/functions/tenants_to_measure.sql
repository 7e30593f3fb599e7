-- Tenants whose vectors have grown or shrunk by a tenth since their averages were measured, and the size of the vectors.
create or replace function app.tenants_to_measure() returns table (tenant_id uuid, bytes bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.tenant_id, s.bytes from app.embedders e, lateral (select app.vector_bytes(e.tenant_id) as bytes) s
  where s.bytes > 0 and exists (select from app.corpora c where c.tenant_id = e.tenant_id
    and (c.measured_bytes is null or abs(s.bytes - c.measured_bytes) > c.measured_bytes / 10))
$$;
grant execute on function app.tenants_to_measure() to resolve_system;
