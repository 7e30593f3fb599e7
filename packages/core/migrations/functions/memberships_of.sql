-- The memberships of a user whose identity token was verified, before the tenant is known.
create or replace function app.memberships_of(user_subject text)
returns table (tenant_id uuid, user_id uuid, role text, status text, version int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.tenant_id, m.user_id, m.role, m.status, m.version
  from app.users u join app.memberships m on m.user_id = u.id where u.subject = user_subject
$$;
grant execute on function app.memberships_of(text) to api_a, api_b;
