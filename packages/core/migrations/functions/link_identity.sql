-- The id of the user with an e-mail address, who is created if there is none and gets the account of a verified token. The
-- caller has an invitation for this address. Null when the address or the account belongs to another person.
create or replace function app.link_identity(new_id uuid, user_email text, token_issuer text, token_subject text, provider_tenant uuid)
returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  linked uuid;
begin
  if provider_tenant is distinct from app.tenant() and provider_tenant is not null then
    raise exception 'a provider vouches for the members of its own tenant only' using errcode = '42501';
  end if;
  insert into app.users as u (id, email, subject)
  values (new_id, lower(user_email), case when provider_tenant is null then token_subject end)
  on conflict (email) do update set subject = coalesce(u.subject, excluded.subject) returning u.id into linked;
  if provider_tenant is null then
    select u.id into linked from app.users u where u.id = linked and u.subject = token_subject;
    return linked;
  end if;
  insert into app.federated_identities as i (tenant_id, issuer, subject, user_id)
  values (provider_tenant, token_issuer, token_subject, linked)
  on conflict (tenant_id, issuer, subject) do update set user_id = i.user_id where i.user_id = excluded.user_id
  returning i.user_id into linked;
  return linked;
exception when unique_violation then
  -- The account is another user's.
  return null;
end $$;
grant execute on function app.link_identity(uuid, text, text, text, uuid) to resolve_app;
