-- What the hits of a search say about these documents. The caller's policies apply. The plan is made for the ids, whose months PostgreSQL reads
-- from them: a kept one would have a part for each month of the tenant's time.
create or replace function app.documents_of(ids uuid[]) returns table (id uuid, name text, metadata jsonb, created_at timestamptz)
language plpgsql stable rows 50 set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
begin
  return query select d.id, d.name, d.metadata, d.created_at from app.documents d where d.tenant_id = app.tenant() and d.id = any(ids);
end $$;
grant execute on function app.documents_of(uuid[]) to resolve_app;
