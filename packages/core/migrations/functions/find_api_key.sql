-- An API key by its id, before the tenant is known. The caller compares the HMACs. In PL/pgSQL a session keeps the plan: every request
-- with a key begins here, and to plan took longer than to read (0.4 of 0.6 ms, measured).
create or replace function app.find_api_key(key_id uuid)
returns table (tenant_id uuid, tenant_status text, is_platform boolean, hmac bytea, previous_hmac bytea, previous_until timestamptz,
  role text, scopes text[], expires_at timestamptz, revoked_at timestamptz, last_used_on text, addresses text[], collections text[], allowance jsonb)
language plpgsql stable security definer rows 1 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
#variable_conflict use_column
begin
  return query select k.tenant_id, t.status, t.is_platform, k.hmac, k.previous_hmac, k.previous_until, k.role, k.scopes, k.expires_at, k.revoked_at,
    k.last_used_on::text, k.addresses, k.collections::text[], app.allowance_of(k.tenant_id)
  from app.api_keys k join app.tenants t on t.id = k.tenant_id where k.id = key_id;
end $$;
grant execute on function app.find_api_key(uuid) to api_a, api_b;
