-- Which of these lexemes are the beginning of words of the tenant's chunks in the language, and the weight of such a word (`idf`). A
-- search calls it for words that no chunk contains: a language without a stemmer has other endings than the query. The chunks that
-- count are those of app.query_terms, and the settings have the same reasons.
set local role resolve_search;
create or replace function app.begun_terms(languages text[], lexemes text[]) returns table (lexeme text, idf double precision)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  tenant uuid := app.tenant();
  is_limited boolean := app.hides_collections();
  visible uuid[] := case when is_limited then array(
    select d.id from app.documents d where d.tenant_id = tenant and d.live_version is not null and d.status <> 'deleting') end;
  hidden app.version_key[] := app.hidden_keys();
begin
  return query
  with words as materialized (
    select w.language, w.lexeme, (app.term_query(w.lexeme)::text || ':*')::tsquery as query from unnest(languages, lexemes) w (language, lexeme)),
  sizes as materialized (
    select d.language, sum(d.chunks)::float8 as size from app.documents d
    where d.tenant_id = tenant and d.live_version is not null and d.language = any(languages) and (not is_limited or d.status <> 'deleting')
    group by d.language),
  counted as materialized (
    select w.language, w.lexeme, (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.query and c.language = w.language
      and (not is_limited or c.document_id = any(visible)) and (hidden is null or row(c.document_id, c.version)::app.version_key <> all(hidden))) as frequency
    from words w)
  select c.lexeme, ln(1 + greatest(s.size - c.frequency + 0.5, 0.5) / (c.frequency + 0.5))
  from counted c join sizes s on s.language = c.language where c.frequency > 0;
end $$;
grant execute on function app.begun_terms(text[], text[]) to resolve_app;
