-- The person of a verified token, with one row for each membership, before the tenant is known. A token of a tenant's own
-- provider (`provider_tenant`) finds that tenant's membership only.
create or replace function app.memberships_of(token_issuer text, token_subject text, provider_tenant uuid)
returns table (user_id uuid, email text, sessions_valid_after timestamptz, tenant_id uuid, tenant_name text, tenant_status text,
  is_platform boolean, role text, status text, name text, allowance jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with account as (
    select u.id, u.sessions_valid_after from app.users u where provider_tenant is null and u.subject = token_subject
    union all
    select i.user_id, i.sessions_valid_after from app.federated_identities i
    where i.tenant_id = provider_tenant and i.issuer = token_issuer and i.subject = token_subject
  )
  select u.id, u.email, greatest(u.sessions_valid_after, account.sessions_valid_after), m.tenant_id, t.name, t.status, t.is_platform,
    m.role, m.status, m.name, app.allowance_of(t.id)
  from account join app.users u on u.id = account.id
  left join (app.memberships m join app.tenants t on t.id = m.tenant_id)
    on m.user_id = u.id and (provider_tenant is null or m.tenant_id = provider_tenant)
  order by m.tenant_id
$$;
grant execute on function app.memberships_of(text, text, uuid) to api_a, api_b;
