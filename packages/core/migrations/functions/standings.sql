-- The role, the scopes and the collections that these API keys and users have in the tenant now; those whose requests would be refused are missing. An
-- operator's are those of the platform. Security definer, because the app role does not see the platform's keys.
create or replace function app.standings(key_ids uuid[], user_ids uuid[]) returns table (id uuid, role text, scopes text[], collections text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.id, k.role, k.scopes, k.collections::text[] from app.api_keys k join app.tenants t on t.id = k.tenant_id
  where k.id = any(key_ids) and k.revoked_at is null and (k.expires_at is null or k.expires_at > app.now())
    and (k.tenant_id = app.tenant() or t.is_platform and k.role = 'admin')
  union all
  select m.user_id, m.role, null, null from app.memberships m join app.tenants t on t.id = m.tenant_id
  where m.user_id = any(user_ids) and m.status = 'active' and (m.tenant_id = app.tenant() or t.is_platform and m.role = 'admin')
$$;
grant execute on function app.standings(uuid[], uuid[]) to resolve_app;
