-- Refuses all tokens of sign-ins before now: those of the person, or of one account at a tenant's own provider.
create or replace function app.sign_out(token_issuer text, token_subject text, provider_tenant uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update app.users u set sessions_valid_after = app.now() where provider_tenant is null and u.subject = token_subject;
  update app.federated_identities i set sessions_valid_after = app.now()
  where i.tenant_id = provider_tenant and i.issuer = token_issuer and i.subject = token_subject;
$$;
grant execute on function app.sign_out(text, text, uuid) to resolve_app;
