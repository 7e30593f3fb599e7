-- When these versions were created. The caller's policies apply. In PL/pgSQL a session keeps the plan, which has a part for each month.
create or replace function app.versions_of(documents uuid[], versions int[]) returns table (document_id uuid, version int, created_at timestamptz)
language plpgsql stable rows 20 set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query select v.document_id, v.version, v.created_at from app.document_versions v
    where v.tenant_id = app.tenant() and (v.document_id, v.version) in (select * from unnest(documents, versions));
end $$;
grant execute on function app.versions_of(uuid[], int[]) to resolve_app;
