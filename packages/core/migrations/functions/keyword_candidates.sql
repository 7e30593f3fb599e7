-- The chunks with the highest BM25 scores in each of the tenant's languages: within the documents of `scope` (null: all), matching
-- `restriction`, and at most `per_document` of one document. `coverage` is the score as a share of the score of a chunk full of
-- every word of the query, including words that no chunk contains. It says how well words alone answer the query.
--
-- With a row-level policy PostgreSQL uses no index for an operator that is not leakproof: `@@` would read the chunks of all
-- tenants (36 instead of 0.6 ms, measured). Therefore this function runs as resolve_search, whose policies are constant. It
-- takes the tenant from the context and never from a parameter, and it returns keys only.
-- app.chunks has chunks of live versions, and those of deleted documents until their purge.
-- The query is built at run time, so that a condition nobody asked for costs nothing. It contains no text of the caller.
set local role resolve_search;
create or replace function app.keyword_candidates(question text[], beginning text[], matches int, scope uuid[], restriction tsquery, per_document int)
returns table (document_id uuid, version int, ordinal int, score double precision, coverage double precision)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
declare
  weights sparsevec;
  demanded tsquery;
  begun tsquery;
  begun_idf double precision;
  full_score double precision;
  deleted uuid[] := array(select d.id from app.documents d where d.tenant_id = app.tenant() and d.status = 'deleting');
  found text := 'select c.document_id, c.version, c.ordinal, c.id, -(c.terms <#> $2) as score from app.chunks c where c.tenant_id = $1 and c.tsv @@ $3';
begin
  if matches = 0 then return; end if;
  with terms as materialized (
    select t.*, case when is_beginning then (app.term_query(lexeme)::text || ':*')::tsquery else app.term_query(lexeme) end as query
    from app.query_terms(question, beginning) t)
  select
    (select ('{' || coalesce(string_agg(w.term || ':' || w.idf, ',' order by w.term), '') || '}/536870912')::sparsevec from (
      select term, sum(idf * t.repeats)::real as idf from terms t where frequency > 0 and not is_beginning group by 1) w),
    (select string_agg(distinct query::text, ' | ')::tsquery from terms where frequency > 0 and not is_common),
    (select string_agg(distinct query::text, ' | ')::tsquery from terms where is_beginning),
    (select max(idf) from terms where is_beginning and frequency > 0),
    -- A weight is less than 2.2, which is k1 + 1.
    (select max(total) from (select sum(idf * t.repeats) * 2.2 as total from terms t group by language) l)
  into weights, demanded, begun, begun_idf, full_score;
  if demanded is null then return; end if;
  if numnode(restriction) > 0 then demanded := demanded && restriction; end if;
  -- The beginning of a word has the weight of a word that a chunk of average length contains once.
  if begun is not null then found := replace(found, '-(c.terms <#> $2)', '-(c.terms <#> $2) + case when c.tsv @@ $8 then $9 else 0 end'); end if;
  if cardinality(deleted) > 0 then found := found || ' and c.document_id <> all($4)'; end if;
  if scope is not null then found := found || ' and c.document_id = any($5)'; end if;
  if per_document is not null then
    found := 'select * from (select f.*, row_number() over (partition by document_id order by score desc, id) as place from (' || found || ') f) p where place <= $7';
  end if;
  return query execute 'select document_id, version, ordinal, score, score / $10 from (' || found || ') f order by score desc, id limit $6'
    using app.tenant(), weights, demanded, deleted, scope, matches, per_document, begun, begun_idf, full_score;
end $$;
grant execute on function app.keyword_candidates(text[], text[], int, uuid[], tsquery, int) to resolve_app;
