-- The best candidates of a search as JSON, with their texts and documents: in descending order of score, at most `per_document` of one
-- document, none below `score_min`. `matches` are the positions of words that match, from 1: words of the text, then those of the context.
-- Only the lexemes that were found are read, because each that is read makes two arrays: they get weight A, which no stored lexeme has.
-- `bias` is the share of its score that a document loses with age, half of it in `half_life_days`.
-- The plan is made for the tenant's partition of 64: one for all of them takes 90 ms to make, after each change of one of them. The
-- caller's policies apply.
create or replace function app.hits(candidates app.candidate[], lexemes jsonb, beginnings text[], bias double precision, half_life_days double precision,
  score_min double precision, per_document int, hits_max int)
returns json language plpgsql stable set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  tenant uuid := app.tenant();
begin
  return (
    with wanted as (
      select l.key as language, array(select jsonb_object_keys(l.value)) as own from jsonb_each(lexemes) l),
    -- Without a bias or a limit per document the order is final, and the others need not be read. Of equal scores the chunk's id decides below.
    best as materialized (
      select * from unnest(candidates) order by score desc
      fetch first (case when bias = 0 and per_document >= hits_max then hits_max else coalesce(cardinality(candidates), 0) end) rows with ties),
    scored as (
      select c.id as chunk_id, c.text, c.page, c.context, c.sheet, c.cells, c.headings, c.char_start, c.char_end, c.tsv, c.language,
        d.id as document_id, d.name, d.metadata, k.keyword_score, k.vector_score, k.keyword_rank, k.vector_rank,
        k.score * (1 - bias * (1 - power(2, - greatest(0, extract(epoch from app.now() - d.created_at)::float8 / (86400 * half_life_days))))) as score
      from best k
        join app.chunks c on c.tenant_id = tenant and c.document_id = k.document_id and c.version = k.version and c.ordinal = k.ordinal
        join app.documents_of(array(select distinct o.document_id from best o)) d on d.id = c.document_id),
    positioned as (
      select s.*, row_number() over (partition by document_id order by score desc, chunk_id) as position from scored s where score >= score_min),
    results as (
      select * from positioned where position <= per_document order by score desc, chunk_id limit hits_max)
    select json_agg(r order by score desc, chunk_id) from (
      select chunk_id, text, page, context, sheet, cells, headings, char_start, char_end, document_id, name, metadata,
        keyword_score, vector_score, keyword_rank, vector_rank, score,
        array(select p from unnest(case when cardinality(beginnings) > 0 then s.tsv else ts_filter(setweight(s.tsv, 'A', w.own), '{a}') end) t (lexeme, positions, weights), unnest(t.positions) p
          where t.lexeme = any(w.own) or exists (select from unnest(beginnings) b where starts_with(t.lexeme, b))) as matches
      from results s left join wanted w using (language)) r);
end $$;
grant execute on function app.hits(app.candidate[], jsonb, text[], double precision, double precision, double precision, int, int) to resolve_app;
