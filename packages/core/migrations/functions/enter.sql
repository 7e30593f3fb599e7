-- Begins the work of a caller for a tenant: sets the context of the transaction and the app role. `role` is the role of the
-- credential, and `system` for code that has none; a caller must say which, because `system` sees every collection. A second call
-- is refused, also for the same tenant: it would change the role.
-- Security invoker, since PostgreSQL does not let a security definer function set `role`.
create or replace function app.enter(tenant uuid, actor text, request text, role text) returns uuid language plpgsql volatile as $$
begin
  if tenant is null then
    raise exception 'app.enter needs a tenant' using errcode = '42501';
  end if;
  if app.tenant() is not null then
    raise exception 'this transaction already works for a tenant' using errcode = '42501';
  end if;
  perform set_config('app.tenant', tenant::text, true), set_config('app.actor', coalesce(actor, ''), true),
    set_config('app.request', coalesce(request, ''), true), set_config('app.role', coalesce(role, ''), true),
    set_config('role', 'resolve_app', true);
  return tenant;
end $$;
grant execute on function app.enter(uuid, text, text, text) to api_a, api_b, worker_a, worker_b;
