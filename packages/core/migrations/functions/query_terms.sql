-- The terms of a query in each of the tenant's languages, and how many of the tenant's chunks contain each. The number is
-- counted; for a large corpus it is the last measurement. The weight of a term (`idf`) depends on the chunks of its own
-- language; `repeats` says how often the query contains it. `forms` are other spellings of its words (`is_form`), and `beginning` has
-- words of which the query has only the beginning.
-- Of a long query only 64 words of a language count, and 64 forms: the rarest ones, since the others hardly change the ranking.
-- Pairs of characters, which are words of scripts without spaces, say less, so 256 of them count. Words that no chunk contains are all
-- returned, because they say how much of the query is missing.
-- `is_common`: the ranking ignores chunks that contain no other term of the query. The rarest term is never common.
-- For a caller from whom collections are hidden only the chunks that it sees are counted: any other number would tell which words
-- hidden documents contain. The policies of resolve_search show the caller's documents.
-- The plan is made for the tenant's value, so that it reads one partition of 64; sequential scans are off, so that it uses the
-- index. Where every chunk counts, whatever its language is (`is_plain`), the index has the number, and no chunk is read.
set local role resolve_search;
create or replace function app.query_terms(question text[], forms text[], beginning text[])
returns table (language text, word text, lexeme text, term int, frequency bigint, idf double precision, repeats int, is_form boolean, is_beginning boolean, is_common boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  tenant uuid := app.tenant();
  is_limited boolean := app.hides_collections();
  visible uuid[] := case when is_limited then array(
    select d.id from app.documents d where d.tenant_id = tenant and d.live_version is not null and d.status <> 'deleting') end;
  hidden app.version_key[] := app.hidden_keys();
  is_plain boolean := not is_limited and hidden is null and (select count(*) = 1 from app.corpora o where o.tenant_id = tenant);
begin
  return query
  with corpora as materialized (
    select o.language, o.chunks is not null as is_large, case when is_limited then app.visible_corpus_chunks(o.language) else coalesce(o.chunks, app.corpus_chunks(o.language)) end::float8 as size
    from app.corpora o where o.tenant_id = tenant),
  words as (
    select o.*, min(w.word) as word, w.lexeme, w.term, greatest(1, count(*) filter (where w.place <= cardinality(question)))::int as repeats,
      case when k.begins then (app.term_query(w.lexeme)::text || ':*')::tsquery else app.term_query(w.lexeme) end as query,
      not k.begins and bool_and(w.place > cardinality(question)) as is_form, k.begins as is_beginning
    from corpora o, app.lexemes(o.language, question || forms || beginning) w,
      lateral (select w.place > cardinality(question) + cardinality(forms)) k (begins)
    where w.lexeme is not null
    group by o.language, o.is_large, o.size, w.lexeme, w.term, k.begins),
  counted as materialized (
    select w.*, coalesce(
      (select f.chunks from app.term_frequencies f
        where w.is_large and not is_limited and not w.is_beginning and f.tenant_id = tenant and f.language = w.language and f.lexeme = w.lexeme),
      case when is_plain then (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.query)
      else (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.query and c.language = w.language
        and (not is_limited or c.document_id = any(visible)) and (hidden is null or row(c.document_id, c.version)::app.version_key <> all(hidden))) end) as frequency
    from words w where w.size > 0)
  select t.language, t.word, t.lexeme, t.term, t.frequency, t.idf, t.repeats, t.is_form, t.is_beginning, t.is_common from (
    select c.*, ln(1 + greatest(c.size - c.frequency + 0.5, 0.5) / (c.frequency + 0.5)) as idf, row_number() over rarest_first as place,
      c.is_large and sum(c.frequency) over rarest_first > app.candidates_max(c.size)
        and c.frequency > min(c.frequency) filter (where c.frequency > 0) over (partition by c.language) as is_common
    from counted c
    window rarest_first as (partition by c.language, c.is_form, c.frequency = 0 order by c.frequency, c.repeats desc, c.lexeme, c.is_beginning)) t
  where t.frequency = 0 or t.place <= case when length(t.lexeme) = 2 and octet_length(t.lexeme) >= 6 then 256 else 64 end;
end $$;
grant execute on function app.query_terms(text[], text[], text[]) to resolve_app;
