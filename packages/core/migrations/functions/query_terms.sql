-- The terms of a query in each of the tenant's languages, and how many of the tenant's chunks contain each. The number is
-- counted; for a large corpus it is the last measurement. The weight of a term (`idf`) depends on the chunks of its own
-- language; `repeats` says how often the query contains it. `forms` are other spellings of its words (`is_form`), and `beginning` has
-- words of which the query has only the beginning.
-- Of a long query only 64 words of a language count, and 64 forms: the rarest and most repeated ones; the others hardly change the
-- ranking. Pairs of characters, which are words of scripts without spaces, say less, so 256 of them count. Words that no chunk contains are all returned, because they say how much of the query is missing.
-- `is_common`: the ranking ignores chunks that contain no other term of the query. The rarest term is never common.
-- For a caller from whom collections are hidden only the chunks that it sees are counted: any other number would tell which words
-- hidden documents contain. The policies of resolve_search show the caller's documents.
-- The plan is made for the tenant's value, so that it reads one partition of 64; sequential scans are off, so that it uses the
-- index.
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
begin
  return query
  with corpora as materialized (
    select o.language, o.chunks is not null as is_large, coalesce(case when not is_limited then o.chunks end, (
      select sum(d.chunks) from app.documents d where d.tenant_id = tenant and d.language = o.language and d.live_version is not null
        and (not is_limited or d.status <> 'deleting')))::float8 as size
    from app.corpora o where o.tenant_id = tenant),
  words as (
    select o.*, min(w.word) as word, w.lexeme, w.term, greatest(1, count(*) filter (where w.place <= cardinality(question)))::int as repeats,
      app.term_query(w.lexeme) as query, bool_and(w.place > cardinality(question)) as is_form, false as is_beginning
    from corpora o, app.lexemes(o.language, question || forms) w where w.lexeme is not null
    group by o.language, o.is_large, o.size, w.lexeme, w.term
    union all
    select distinct o.*, w.word, w.lexeme, w.term, 1, (app.term_query(w.lexeme)::text || ':*')::tsquery, false, true
    from corpora o, app.lexemes(o.language, beginning) w where w.lexeme is not null),
  counted as materialized (
    select w.*, coalesce(
      (select f.chunks from app.term_frequencies f
        where w.is_large and not is_limited and not w.is_beginning and f.tenant_id = tenant and f.language = w.language and f.lexeme = w.lexeme),
      (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.query and c.language = w.language
        and (not is_limited or c.document_id = any(visible)))) as frequency
    from words w where w.size > 0),
  chosen as (
    select k.* from (
      select w.*, row_number() over (
        partition by w.language, w.is_form, w.is_beginning, w.frequency > 0, w.is_pair order by w.repeats * w.idf desc, w.lexeme) as place
      from (
        select a.*, ln(1 + greatest(a.size - a.frequency + 0.5, 0.5) / (a.frequency + 0.5)) as idf, length(a.lexeme) = 2 and octet_length(a.lexeme) >= 6 as is_pair
        from counted a) w) k
    where k.frequency = 0 or k.place <= case when k.is_pair then 256 else 64 end)
  select c.language, c.word, c.lexeme, c.term, c.frequency, c.idf, c.repeats, c.is_form, c.is_beginning,
    c.is_large and sum(c.frequency) over rarest_first > app.candidates_max(c.size)
      and c.frequency > min(c.frequency) filter (where c.frequency > 0) over (partition by c.language)
  from chosen c
  window rarest_first as (partition by c.language order by c.frequency, c.lexeme, c.is_beginning);
end $$;
grant execute on function app.query_terms(text[], text[], text[]) to resolve_app;
