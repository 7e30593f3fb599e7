-- Begins the work of an operator (role `admin`), who reads across tenants.
create or replace function app.enter_platform(actor text, request text) returns void language plpgsql volatile as $$
begin
  if app.tenant() is not null then
    raise exception 'this transaction already works for a tenant' using errcode = '42501';
  end if;
  perform set_config('app.actor', coalesce(actor, ''), true), set_config('app.request', coalesce(request, ''), true),
    set_config('role', 'resolve_platform', true);
end $$;
grant execute on function app.enter_platform(text, text) to api_a, api_b;
