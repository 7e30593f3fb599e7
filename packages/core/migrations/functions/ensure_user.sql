-- The id of the user with an e-mail address, who is created if there is none. A user belongs to no tenant, so the app role
-- cannot do this itself.
create or replace function app.ensure_user(new_id uuid, user_email text) returns uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into app.users as u (id, email) values (new_id, lower(user_email))
  on conflict (email) do update set email = excluded.email returning u.id
$$;
grant execute on function app.ensure_user(uuid, text) to resolve_app;
