-- Creates the partition of app.embeddings for the tenant of the transaction, and returns its name.
create or replace function app.create_tenant_partition(tenant uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  child text := 'embeddings_' || replace(tenant::text, '-', '');
begin
  if tenant is distinct from app.tenant() then
    raise exception 'a tenant creates its own partition only' using errcode = '42501';
  end if;
  if to_regclass('app.' || child) is null then
    execute format('create table app.%I (like app.embeddings including all)', child);
    call app.isolate(('app.' || child)::regclass);
    execute format('alter table app.%I add constraint tenant check (tenant_id = %L)', child, tenant);
    execute format('alter table app.embeddings attach partition app.%I for values in (%L)', child, tenant);
  end if;
  return child;
end $$;
grant execute on function app.create_tenant_partition(uuid) to resolve_app;
