-- Chunks that a search has found, with the numbers of their ids in the list, from 1. The caller's policies apply. The plan is made for
-- the tenant's value, so that it reads one partition of 64.
create or replace function app.found_chunks(ids uuid[])
returns table (n int, document_id uuid, version int, language text, tsv tsvector, marks text)
language plpgsql stable rows 20 set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  tenant uuid := app.tenant();
begin
  return query select i.n::int, c.document_id, c.version, c.language, c.tsv, c.marks
    from unnest(ids) with ordinality as i (id, n) join app.chunks c on c.tenant_id = tenant and c.id = i.id;
end $$;
grant execute on function app.found_chunks(uuid[]) to resolve_app;
