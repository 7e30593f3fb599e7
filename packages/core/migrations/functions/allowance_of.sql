-- The plan of a tenant, the operator's exceptions from it, and what the tenant has used this month, as JSON. The figures of the plans
-- are in the code. The meters of the operator and of costs (with a dot) have no limit, and the code of older versions does not accept
-- them here. In PL/pgSQL a session keeps the plan.
create or replace function app.allowance_of(tenant uuid) returns jsonb language plpgsql stable set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
begin
  return (select jsonb_build_object('plan', t.plan,
    'exceptions', (select coalesce(jsonb_object_agg(l.limited, l.maximum), '{}') from app.tenant_limits l where l.tenant_id = t.id),
    'used', (select coalesce(jsonb_object_agg(u.meter, u.amount), '{}') from app.usage_months u
      where u.tenant_id = t.id and u.month = date_trunc('month', app.now() at time zone 'UTC')::date
        and u.meter not in ('failed', 'slow') and u.meter not like '%.%'))
  from app.tenants t where t.id = tenant);
end $$;
grant execute on function app.allowance_of(uuid) to resolve_app;
