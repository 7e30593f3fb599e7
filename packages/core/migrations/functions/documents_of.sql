-- What the hits of a search say about these documents. The caller's policies apply. The plan is made for
-- these ids, so it has the months of their documents only: a plan that a session keeps has a part for each month.
create or replace function app.documents_of(ids uuid[]) returns table (id uuid, name text, metadata jsonb, created_at timestamptz)
language plpgsql stable rows 50 set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
  return query select d.id, d.name, d.metadata, d.created_at from app.documents d where d.tenant_id = app.tenant() and d.id = any(ids);
end $$;
grant execute on function app.documents_of(uuid[]) to resolve_app;
