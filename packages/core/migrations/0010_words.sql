--! breaking
-- Texts come taken apart into words: the worker finds them, the dictionaries stay here. A chunk then costs half as much.
set local role resolve_owner;

-- 0.04 of 0.17 ms a chunk was the look for its version (measured), which whoever writes chunks holds still anyhow. As embeddings,
-- they leave in the transaction that removes their document.
do $$
declare
  key name;
begin
  for key in select conname from pg_constraint where conrelid = 'app.chunks'::regclass and contype = 'f' and conparentid = 0
    and confrelid = 'app.document_versions'::regclass loop
    execute format('alter table app.chunks drop constraint %I', key);
  end loop;
end $$;

-- A long text is packed twice as fast (45 against 19 ms for 2 MB, measured), where the server was built with it.
do $$
declare
  target record;
begin
  if not 'lz4' = any((select enumvals from pg_settings where name = 'default_toast_compression')::text[]) then return; end if;
  for target in
    select attrelid::regclass as name, attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    where (attrelid = 'app.document_texts'::regclass or attrelid in (select relid from pg_partition_tree('app.chunks')))
      and attname in ('text', 'tsv') loop
    execute format('alter table %s alter %I set compression lz4', target.name, target.attname);
  end loop;
end $$;

-- Words, in small letters, as the dictionaries of a text search configuration know them; of one that says nothing the lexeme is
-- null. As the configuration has it, a word with digits stands for itself, and one of ASCII letters may have a dictionary
-- of its own (token types 1 and 2 of the default parser).
create function app.lexemes(language text, words text[]) returns table (place bigint, word text, lexeme text, term int)
language sql stable parallel safe rows 100 as $$
  select w.place, w.word, l.lexeme, app.term_id(language, l.lexeme)
  from (select max(mapdict) filter (where maptokentype = 1) as ascii, max(mapdict) filter (where maptokentype = 2) as other
      from pg_catalog.pg_ts_config_map where mapcfg = ('pg_catalog.' || language)::regconfig and mapseqno = 1) d,
    unnest(words) with ordinality as w (word, place),
    -- A lexeme has at most 2,046 bytes; nobody looks for so long a word.
    lateral (select case when length(w.word) > 255 then null when w.word ~ '[0-9]' then w.word
      else (ts_lexize((case when octet_length(w.word) = length(w.word) then d.ascii else d.other end)::regdictionary, w.word))[1] end as lexeme offset 0) l
$$;

drop function app.keyword_candidates(text, text, text, int, uuid[], tsquery, int), app.query_terms(text, text, text),
  app.restriction(text[], text[], text[], text[], text[]), app.weigh(text, tsvector, double precision), app.tsv(text, text);

-- What a query demands of a chunk beside its score: every phrase, and none of the excluded, lists of words; null when nothing.
create function app.restriction(languages text[], phrases jsonb, excluded jsonb) returns tsquery language sql stable parallel safe as $$
  with demands as (
    select p.n, false as is_excluded, p.words from jsonb_array_elements(phrases) with ordinality as p (words, n)
    union all
    select x.n, true, x.words from jsonb_array_elements(excluded) with ordinality as x (words, n)),
  lexemes as (
    select d.n, d.is_excluded, l as language, w.place, app.term_query(w.lexeme)::text as term,
      w.place - lag(w.place) over (partition by d.n, d.is_excluded, l order by w.place) as distance
    from demands d, unnest(languages) l, app.lexemes(l, array(select jsonb_array_elements_text(d.words))) w
    where w.lexeme is not null),
  -- A phrase of stop words demands nothing.
  readings as (
    select n, is_excluded, string_agg(coalesce('<' || distance || '>', '') || term, ' ' order by place) as query
    from lexemes group by n, is_excluded, language),
  alternatives as (
    select n, is_excluded, string_agg(query, ' | ') as any_of from readings group by n, is_excluded)
  select string_agg(case when is_excluded then '!(' || any_of || ')' else '(' || any_of || ')' end, ' & ')::tsquery from alternatives
$$;

-- As before, of a query's words and of those of which it has the beginning only.
create function app.query_terms(question text[], beginning text[])
returns table (language text, lexeme text, term int, frequency bigint, idf double precision, repeats int, is_beginning boolean, is_common boolean)
language plpgsql stable security definer set search_path = pg_catalog, public
set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
declare
  tenant uuid := app.tenant();
begin
  return query
  with corpora as materialized (
    select o.language, o.chunks is not null as is_large, coalesce(o.chunks, (
      select sum(d.chunks) from app.documents d where d.tenant_id = tenant and d.language = o.language and d.live_version is not null))::float8 as size
    from app.corpora o where o.tenant_id = tenant),
  words as (
    select o.*, w.lexeme, w.term, count(*)::int as repeats, app.term_query(w.lexeme) as query, false as is_beginning
    from corpora o, app.lexemes(o.language, question) w where w.lexeme is not null
    group by o.language, o.is_large, o.size, w.lexeme, w.term
    union all
    select distinct o.*, w.lexeme, w.term, 1, (app.term_query(w.lexeme)::text || ':*')::tsquery, true
    from corpora o, app.lexemes(o.language, beginning) w where w.lexeme is not null),
  counted as materialized (
    select w.*, coalesce(
      (select f.chunks from app.term_frequencies f
        where w.is_large and not w.is_beginning and f.tenant_id = tenant and f.language = w.language and f.lexeme = w.lexeme),
      (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.query and c.language = w.language)) as frequency
    from words w where w.size > 0)
  select c.language, c.lexeme, c.term, c.frequency, ln(1 + greatest(c.size - c.frequency + 0.5, 0.5) / (c.frequency + 0.5)), c.repeats, c.is_beginning,
    c.is_large and sum(c.frequency) over rarest_first > app.candidates_max(c.size)
      and c.frequency > min(c.frequency) filter (where c.frequency > 0) over (partition by c.language)
  from counted c
  window rarest_first as (partition by c.language order by c.frequency, c.lexeme, c.is_beginning);
end $$;

create function app.keyword_candidates(question text[], beginning text[], matches int, scope uuid[], restriction tsquery, per_document int)
returns table (document_id uuid, version int, ordinal int, score double precision, coverage double precision)
language plpgsql stable security definer set search_path = pg_catalog, public set enable_seqscan = off as $$
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
    -- A weight is less than 2.2 (k1 + 1).
    (select max(total) from (select sum(idf * t.repeats) * 2.2 as total from terms t group by language) l)
  into weights, demanded, begun, begun_idf, full_score;
  if demanded is null then return; end if;
  if numnode(restriction) > 0 then demanded := demanded && restriction; end if;
  -- A word that is only begun weighs as much as one that stands in a chunk of average length once.
  if begun is not null then found := replace(found, '-(c.terms <#> $2)', '-(c.terms <#> $2) + case when c.tsv @@ $8 then $9 else 0 end'); end if;
  if cardinality(deleted) > 0 then found := found || ' and c.document_id <> all($4)'; end if;
  if scope is not null then found := found || ' and c.document_id = any($5)'; end if;
  if per_document is not null then
    found := 'select * from (select f.*, row_number() over (partition by document_id order by score desc, id) as place from (' || found || ') f) p where place <= $7';
  end if;
  return query execute 'select document_id, version, ordinal, score, score / $10 from (' || found || ') f order by score desc, id limit $6'
    using app.tenant(), weights, demanded, deleted, scope, matches, per_document, begun, begun_idf, full_score;
end $$;

revoke execute on function app.lexemes(text, text[]), app.restriction(text[], jsonb, jsonb), app.query_terms(text[], text[]),
  app.keyword_candidates(text[], text[], int, uuid[], tsquery, int) from public;
grant execute on function app.lexemes(text, text[]) to resolve_app, resolve_search;
grant execute on function app.restriction(text[], jsonb, jsonb), app.query_terms(text[], text[]),
  app.keyword_candidates(text[], text[], int, uuid[], tsquery, int) to resolve_app;
grant create on schema app to resolve_search;
reset role;
alter function app.query_terms(text[], text[]) owner to resolve_search;
alter function app.keyword_candidates(text[], text[], int, uuid[], tsquery, int) owner to resolve_search;
set local role resolve_owner;
revoke create on schema app from resolve_search;
