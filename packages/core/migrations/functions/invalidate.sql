-- Gives the tenant of the transaction a new version of a namespace, for values that no trigger covers.
create or replace function app.invalidate(of_namespace text) returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select app.change_version(app.tenant(), of_namespace)
$$;
grant execute on function app.invalidate(text) to resolve_app;
