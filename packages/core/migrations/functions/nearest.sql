-- The nearest vectors by the tenant's HNSW index, without those of deleted documents and hidden versions. The settings leave one plan: with sorting off
-- only the index gives the order, and PostgreSQL reads it until `matches` rows have passed the conditions. The result may have
-- fewer rows than exist once hnsw.max_scan_tuples are read; the caller then makes an exact search.
create or replace function app.nearest(question halfvec, of_model text, matches int, scope uuid[], restriction tsquery)
returns table (document_id uuid, version int, ordinal int, distance double precision)
language plpgsql stable
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off set enable_memoize = off
set hnsw.iterative_scan = strict_order set hnsw.ef_search = 400 set hnsw.max_scan_tuples = 40000
as $$
declare
  deleted uuid[] := app.deleting();
  hidden app.version_key[] := app.hidden_keys();
  found text := 'select e.document_id, e.version, e.ordinal, e.embedding <=> $2 from app.embeddings e';
begin
  if restriction is not null then
    found := found || ' join app.chunks c on c.tenant_id = $1 and c.document_id = e.document_id and c.version = e.version and c.ordinal = e.ordinal and c.tsv @@ $6';
  end if;
  found := found || ' where e.tenant_id = $1 and e.model = $3';
  if cardinality(deleted) > 0 then found := found || ' and e.document_id <> all($4)'; end if;
  if hidden is not null then found := found || ' and row(e.document_id, e.version)::app.version_key <> all($8)'; end if;
  if scope is not null then found := found || ' and e.document_id = any($5)'; end if;
  return query execute found || ' order by e.embedding <=> $2 limit $7'
    using app.tenant(), question, of_model, deleted, scope, restriction, matches, hidden;
end $$;
grant execute on function app.nearest(halfvec, text, int, uuid[], tsquery) to resolve_app;
