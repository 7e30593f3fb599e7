-- An API key by its id, before the tenant is known. The caller compares the HMAC.
create or replace function app.find_api_key(key_id uuid)
returns table (tenant_id uuid, tenant_status text, is_platform boolean, hmac bytea, role text, scopes text[], expires_at timestamptz, revoked_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.tenant_id, t.status, t.is_platform, k.hmac, k.role, k.scopes, k.expires_at, k.revoked_at
  from app.api_keys k join app.tenants t on t.id = k.tenant_id where k.id = key_id
$$;
grant execute on function app.find_api_key(uuid) to api_a, api_b;
