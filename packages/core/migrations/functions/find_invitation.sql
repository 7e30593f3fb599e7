-- An invitation by the hash of its token, which cannot be guessed, before the tenant is known.
create or replace function app.find_invitation(hash bytea)
returns table (tenant_id uuid, tenant_status text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.tenant_id, t.status, i.id from app.invitations i join app.tenants t on t.id = i.tenant_id where i.token_hash = hash
$$;
grant execute on function app.find_invitation(bytea) to api_a, api_b;
