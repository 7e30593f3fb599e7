-- The open invitations of an address, newest first, or one invitation of it in any state. The caller has verified that the address is
-- the person's own. A person of a tenant's own provider (`provider_tenant`) finds that tenant's invitations only.
create or replace function app.invitations_of(person_email text, provider_tenant uuid, only_id uuid, before uuid, rows_max int)
returns table (tenant_id uuid, tenant_name text, tenant_status text, id uuid, role text, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.tenant_id, t.name, t.status, i.id, i.role, i.expires_at
  from app.invitations i join app.tenants t on t.id = i.tenant_id
  where i.email = person_email and t.status not in ('offboarding', 'deleted')
    and (provider_tenant is null or i.tenant_id = provider_tenant)
    and case when only_id is null then i.status = 'pending' and i.expires_at > app.now() and (before is null or i.id < before)
      else i.id = only_id end
  order by i.id desc limit rows_max
$$;
grant execute on function app.invitations_of(text, uuid, uuid, uuid, int) to api_a, api_b;
