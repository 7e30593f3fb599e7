-- An invitation by the hash of its token, which cannot be guessed, before the tenant is known.
create or replace function app.find_invitation(hash bytea)
returns table (tenant_id uuid, id uuid, user_id uuid, role text, expires_at timestamptz, accepted_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.tenant_id, i.id, i.user_id, i.role, i.expires_at, i.accepted_at from app.invitations i where i.token_hash = hash
$$;
grant execute on function app.find_invitation(bytea) to api_a, api_b;
