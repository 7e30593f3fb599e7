-- The chunks with the highest BM25 scores in each of the tenant's languages: within the documents of `scope` (null: all), matching
-- `restriction`, and at most `per_document` of one document; without the documents in `duplicates`. `coverage` is the score as a share
-- of the score of a chunk full of every word of the query, including words that no chunk contains. It says how well words alone answer
-- the query. In a language of few chunks the idf of every word is small, so scores are scaled to the same maximum in each language; with
-- one language, the score is BM25. Other forms of the words have less weight. `lexemes` has the found ones with their idf by
-- language, and `beginnings` the incomplete words that were found; both are the same in every row. A word of four letters or more that no
-- chunk contains is searched for as the beginning of longer words. A chunk that matches `ids`, in which the words of a part number or an address
-- follow each other, scores above chunks that contain the same words elsewhere.
--
-- With a row-level policy PostgreSQL uses no index for an operator that is not leakproof: `@@` would read the chunks of all
-- tenants (36 instead of 0.6 ms, measured). Therefore this function runs as resolve_search, whose policies are constant. It
-- takes the tenant from the context and never from a parameter, and it returns keys only.
-- app.chunks has chunks of live versions, those of deleted documents until their purge, and those of hidden versions.
-- `@@` decompresses the words of a chunk, which the planner takes for one cheap operation: it read all chunks of a small tenant
-- instead of the index of words (2.7 instead of 0.7 ms, measured). So an operator has a higher cost here.
-- The query is built at run time, so that a condition nobody asked for costs nothing. It contains no text of the caller.
set local role resolve_search;
create or replace function app.keyword_candidates(question text[], forms text[], beginning text[], ids tsquery, matches int, scope uuid[], duplicates uuid[], restriction tsquery, per_document int)
returns table (document_id uuid, version int, ordinal int, score double precision, coverage double precision, lexemes jsonb, beginnings text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off set cpu_operator_cost = 0.05 as $$
declare
  weights sparsevec;
  demanded tsquery;
  begun tsquery;
  begun_idf double precision;
  begun_lexemes text[];
  found_lexemes jsonb;
  unknown_languages text[];
  unknown_lexemes text[];
  more tsquery;
  more_idf double precision;
  more_lexemes text[];
  full_score double precision;
  scales jsonb;
  id_score double precision;
  ids_max constant int := 5000;
  with_words text;
  chunks_with_words bigint;
  with_id uuid[];
  deleted uuid[] := app.deleting() || duplicates;
  hidden app.version_key[] := app.hidden_keys();
  found text := 'select c.document_id, c.version, c.ordinal, c.id, -(c.terms <#> $2) as score from app.chunks c where c.tenant_id = $1 and c.tsv @@ $3';
begin
  if matches = 0 then return; end if;
  with terms as materialized (
    select t.*, case when is_beginning then (app.term_query(lexeme)::text || ':*')::tsquery else app.term_query(lexeme) end as query
    from app.query_terms(question, forms, beginning) t),
  unknown as materialized (
    select t.language, t.lexeme, row_number() over (order by t.is_form, t.language, t.lexeme) as place from terms t
    where t.frequency = 0 and not t.is_beginning and length(t.lexeme) >= 4 and t.lexeme !~ '[0-9=-]'
      and not exists (select from terms k where k.word = t.word and k.frequency > 0) limit 16),
  -- A weight is less than 2.2, which is k1 + 1.
  totals as materialized (
    select language, 2.2 * (coalesce(sum(idf * t.repeats) filter (where not is_beginning), 0)
      -- One word has several beginnings, with accents and without.
      + coalesce(max(idf) filter (where is_beginning and frequency > 0), max(idf) filter (where is_beginning), 0)) as total
    from terms t where not is_form group by language)
  select
    (select ('{' || coalesce(string_agg(w.term || ':' || w.idf, ',' order by w.term), '') || '}/536870912')::sparsevec from (
      select term, sum(idf * t.repeats * case when is_form then 0.4 else 1 end)::real as idf from terms t where frequency > 0 and not is_beginning group by 1) w),
    (select string_agg(distinct query::text, ' | ')::tsquery from terms where frequency > 0 and not is_common),
    (select string_agg(distinct query::text, ' | ')::tsquery from terms where is_beginning and frequency > 0),
    (select max(idf) from terms where is_beginning and frequency > 0),
    (select array_agg(distinct lexeme) from terms where is_beginning and frequency > 0),
    (select jsonb_object_agg(l.language, l.own) from (
      select language, jsonb_object_agg(lexeme, round(idf::numeric, 4)) as own from terms where frequency > 0 and not is_beginning group by language) l),
    (select array_agg(language order by place) from unknown),
    (select array_agg(lexeme order by place) from unknown),
    (select coalesce(max(total), 1) from totals),
    (select jsonb_object_agg(language, (select max(total) from totals) / total) from totals where total > 0 having count(*) > 1),
    (select 2.2 * max(idf) from terms where frequency > 0)
  into weights, demanded, begun, begun_idf, begun_lexemes, found_lexemes, unknown_languages, unknown_lexemes, full_score, scales, id_score;
  if unknown_lexemes is not null then
    select string_agg(distinct app.term_query(b.lexeme)::text || ':*', ' | ')::tsquery, 0.4 * max(b.idf), array_agg(distinct b.lexeme)
    into more, more_idf, more_lexemes from app.begun_terms(unknown_languages, unknown_lexemes) b;
  end if;
  if more is not null then
    begun := coalesce(begun || more, more);
    begun_idf := greatest(begun_idf, more_idf);
    begun_lexemes := begun_lexemes || more_lexemes;
    demanded := coalesce(demanded || more, more);
  end if;
  if demanded is null then return; end if;
  if ids is not null then
    -- Only in the scope: the scores would tell whether a hidden document contains the number. Whether words follow each other
    -- is read from each chunk that contains all of them. Words that more than 5,000 chunks contain identify nothing, for example (1,1).
    with_words := 'select c.id from app.chunks c where c.tenant_id = $1 and c.tsv @@ $2 and ($3 is null or c.document_id = any($3)) and c.document_id <> all($4)
        and ($5 is null or row(c.document_id, c.version)::app.version_key <> all($5))';
    execute 'select count(*) from (' || with_words || ' limit $6) c' into chunks_with_words
      using app.tenant(), regexp_replace(ids::text, ' <(-|[0-9]+)> ', ' & ', 'g')::tsquery, scope, deleted, hidden, ids_max + 1;
    if chunks_with_words <= ids_max then
      execute 'select array(' || with_words || ')' into with_id
        using app.tenant(), case when numnode(restriction) > 0 then ids && restriction else ids end, scope, deleted, hidden;
    end if;
    if cardinality(with_id) > 0 then
      full_score := full_score + id_score;
      found := replace(found, '-(c.terms <#> $2)', '-(c.terms <#> $2) + case when c.id = any($11) then $12 else 0 end');
      -- With the words themselves in the query, PostgreSQL would read the words of every chunk again.
      found := replace(found, 'c.tsv @@ $3', '(c.tsv @@ $3 or c.id = any($11))');
    end if;
  end if;
  if numnode(restriction) > 0 then demanded := demanded && restriction; end if;
  -- The beginning of a word has the weight of a word that a chunk of average length contains once.
  if begun is not null then found := replace(found, '-(c.terms <#> $2)', '-(c.terms <#> $2) + case when c.tsv @@ $8 then $9 else 0 end'); end if;
  if scales is not null then found := replace(found, '-(c.terms <#> $2)', '-(c.terms <#> $2) * coalesce(($16 -> c.language)::float8, 1)'); end if;
  if cardinality(deleted) > 0 then found := found || ' and c.document_id <> all($4)'; end if;
  if hidden is not null then found := found || ' and row(c.document_id, c.version)::app.version_key <> all($15)'; end if;
  if scope is not null then found := found || ' and c.document_id = any($5)'; end if;
  if per_document is not null then
    found := 'select * from (select f.*, row_number() over (partition by document_id order by score desc, id) as place from (' || found || ') f) p where place <= $7';
  end if;
  return query execute 'select document_id, version, ordinal, score, least(1, score / $10), $13, $14 from (' || found || ') f order by score desc, id limit $6'
    using app.tenant(), weights, demanded, deleted, scope, matches, per_document, begun, begun_idf, full_score, with_id, id_score, found_lexemes, begun_lexemes, hidden, scales;
end $$;
grant execute on function app.keyword_candidates(text[], text[], text[], tsquery, int, uuid[], uuid[], tsquery, int) to resolve_app;
