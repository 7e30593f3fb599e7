--! breaking
-- Search: text in the language it is written in, phrases and exclusions, filters, and an HNSW index for tenants too
-- large for exact search.

-- Compiling a plan of many partitions takes longer than any of our statements.
do $$
declare
  login text;
begin
  foreach login in array array['api_a', 'api_b', 'worker_a', 'worker_b', 'system_a', 'system_b'] loop
    execute format('alter role %I set jit = off', login);
  end loop;
end $$;
set local role resolve_owner;

-- The HNSW index that search may use, and the model whose vectors are in it.
alter table app.embedders add column index_name text, add column indexed text,
  -- Recall@10 of the index against exact answers, as last checked.
  add column recall real check (recall between 0 and 1), add column recall_checked_at timestamptz;
alter table app.jobs drop constraint jobs_type_check;
alter table app.jobs add constraint jobs_type_check check (type in ('reembed', 'reindex', 'reweigh', 'index', 'check', 'prune', 'purge'));

-- What a tenant's vectors take: a file's size costs nothing to ask for, and counting the rows of every tenant would.
create function app.vector_bytes(tenant uuid) returns bigint language sql stable set search_path = pg_catalog
return pg_relation_size(to_regclass('app.embeddings_' || replace(tenant::text, '-', '')));
revoke execute on function app.vector_bytes(uuid) from public;
grant execute on function app.vector_bytes(uuid) to resolve_app;

-- Tenants whose vectors take more than so many bytes and are not in an index.
create function app.tenants_to_index(bytes bigint) returns setof uuid
language sql stable security definer set search_path = pg_catalog as $$
  select e.tenant_id from app.embedders e
  where e.indexed is distinct from e.serving and app.vector_bytes(e.tenant_id) > bytes
$$;
-- Tenants with vectors, and whether search may ask an index.
create function app.tenants_to_check() returns table (tenant_id uuid, is_indexed boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select e.tenant_id, coalesce(e.indexed = e.serving, false) from app.embedders e order by e.tenant_id
$$;
revoke execute on function app.tenants_to_index(bigint), app.tenants_to_check() from public;
grant execute on function app.tenants_to_index(bigint), app.tenants_to_check() to resolve_system;

-- Languages ---------------------------------------------------------------------------------------------
-- Text search configurations of a tenant's documents; a query is read by each of them. `average`: lexemes of a chunk, which
-- weights are made against; null until it was measured, when the tenant's vectors took `measured_bytes`. `chunks`: how many
-- there were then, of large ones only, whose frequent words are in app.term_frequencies.
create table app.corpora (
  tenant_id uuid not null references app.tenants,
  language text not null,
  average real check (average > 0),
  chunks int,
  measured_bytes bigint,
  primary key (tenant_id, language)
);
-- Words of large corpora that many chunks have: counting them for each query would read half of the tenant.
create table app.term_frequencies (
  tenant_id uuid not null references app.tenants,
  language text not null,
  lexeme text not null,
  chunks int not null,
  primary key (tenant_id, language, lexeme)
);
do $$
declare
  target text;
begin
  foreach target in array array['corpora', 'term_frequencies'] loop
    perform app.protect(format('app.%I', target)::regclass);
    execute format('create trigger keep_tenant before update of tenant_id on app.%I for each row
      when (old.tenant_id is distinct from new.tenant_id) execute function app.keep_tenant()', target);
    execute format('create policy search on app.%I for select to resolve_search using (true)', target);
    execute format('grant select on app.%I to resolve_search', target);
  end loop;
end $$;
grant select, insert, update on app.corpora to resolve_app;
grant select, insert, delete on app.term_frequencies to resolve_app;
-- What was indexed until now was read as English.
insert into app.corpora (tenant_id, language) select id, 'english' from app.tenants;

alter table app.documents add column language text;
update app.documents set language = 'english' where live_version is not null;
-- What its weights are made from and against.
alter table app.chunks add column language text not null default 'english', add column lexemes int, add column average real;

create function app.tsv(language text, body text) returns tsvector language sql stable strict parallel safe
return to_tsvector(('pg_catalog.' || language)::regconfig, body);

-- A term is a lexeme of a language: "die" of German has nothing to do with "die" of English.
create function app.term_id(language text, lexeme text) returns int language sql immutable strict parallel safe
return (hashtextextended(lexeme, hashtext(language)) & 536870911)::int + 1;

-- BM25 weights of one chunk (k1 1.2, b 0.75) against an average length, and its own, in lexemes.
create function app.weigh(language text, tsv tsvector, average double precision, out terms sparsevec, out lexemes int)
language sql immutable parallel safe set search_path = pg_catalog, public as $$
  select ('{' || coalesce(string_agg(term || ':' || weight, ',' order by term), '') || '}/536870912')::sparsevec, coalesce(max(total), 0)::int from (
    select app.term_id(language, lexeme) as term, sum(tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * total / average)))::float4 as weight, max(total) as total
    from (select lexeme, cardinality(positions)::float8 as tf, sum(cardinality(positions)) over ()::float8 as total from unnest(tsv)) l
    group by 1) t
$$;
update app.chunks c set terms = w.terms, lexemes = w.lexemes, average = 160
from app.chunks o, lateral app.weigh('english', o.tsv, 160) w
where c.tenant_id = o.tenant_id and c.document_id = o.document_id and c.version = o.version and c.ordinal = o.ordinal;

-- Tenants that have grown or shrunk by a tenth since their averages were measured, with what their vectors take.
create function app.tenants_to_measure() returns table (tenant_id uuid, bytes bigint)
language sql stable security definer set search_path = pg_catalog as $$
  select e.tenant_id, s.bytes from app.embedders e, lateral (select app.vector_bytes(e.tenant_id) as bytes) s
  where s.bytes > 0 and exists (select from app.corpora c where c.tenant_id = e.tenant_id
    and (c.measured_bytes is null or abs(s.bytes - c.measured_bytes) > c.measured_bytes / 10))
$$;
revoke execute on function app.tenants_to_measure() from public;
grant execute on function app.tenants_to_measure() to resolve_system;

-- What a query demands of a chunk beside its score: every phrase, and none of the excluded; null when nothing. Words of
-- scripts without spaces are pairs of characters, which the caller has made (`pairs`).
create function app.restriction(languages text[], phrases text[], phrase_pairs text[], excluded text[], excluded_pairs text[])
returns tsquery language sql stable parallel safe as $$
  with demands as (
    select p.n, false as is_excluded, p.body, p.pairs from unnest(phrases, phrase_pairs) with ordinality as p (body, pairs, n)
    union all
    select x.n, true, x.body, x.pairs from unnest(excluded, excluded_pairs) with ordinality as x (body, pairs, n)),
  readings as (
    select d.n, d.is_excluded,
      phraseto_tsquery(('pg_catalog.' || l)::regconfig, case l when 'simple' then d.pairs else d.body end) as query
    from demands d, unnest(languages) l),
  -- A phrase of stop words demands nothing.
  alternatives as (
    select n, is_excluded, string_agg(query::text, ' | ') as any_of from readings where numnode(query) > 0 group by n, is_excluded)
  select string_agg(case when is_excluded then '!(' || any_of || ')' else '(' || any_of || ')' end, ' & ')::tsquery from alternatives
$$;

-- A lexeme as a query of its own, whatever characters it has.
create function app.term_query(lexeme text) returns tsquery language sql immutable strict parallel safe
return ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery;

-- Chunks that a ranking may look at before it leaves out the most frequent words.
create function app.candidates_max(size double precision) returns double precision language sql immutable parallel safe
return greatest(5000, size / 10);

-- The words of a query in the tenant's languages, with how many of its chunks have them: counted, or of
-- large corpora as last measured. What a word is worth depends on the chunks of its own language; one that the query
-- repeats is worth as much more. `beginning`: a word of which the query has the beginning only, '' for none.
-- `is_common`: chunks that have no other word of the query are left out; never the rarest.
-- The tenant is a constant for the planner, which then sees one partition of 64, and words are always looked up.
create function app.query_terms(question text, question_pairs text, beginning text)
returns table (language text, lexeme text, frequency bigint, idf double precision, repeats int, is_beginning boolean, is_common boolean)
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
    select o.*, w.lexeme, cardinality(w.positions) as repeats, app.term_query(w.lexeme) as term, false as is_beginning
    from corpora o, unnest(app.tsv(o.language, case o.language when 'simple' then question_pairs else question end)) w
    union all
    select o.*, w.lexeme, 1, (app.term_query(w.lexeme)::text || ':*')::tsquery, true
    from corpora o, unnest(app.tsv(o.language, beginning)) w),
  counted as materialized (
    select w.*, coalesce(
      (select f.chunks from app.term_frequencies f
        where w.is_large and not w.is_beginning and f.tenant_id = tenant and f.language = w.language and f.lexeme = w.lexeme),
      (select count(*) from app.chunks c where c.tenant_id = tenant and c.tsv @@ w.term and c.language = w.language)) as frequency
    from words w where w.size > 0)
  select c.language, c.lexeme, c.frequency, ln(1 + greatest(c.size - c.frequency + 0.5, 0.5) / (c.frequency + 0.5)), c.repeats, c.is_beginning,
    c.is_large and sum(c.frequency) over rarest_first > app.candidates_max(c.size)
      and c.frequency > min(c.frequency) filter (where c.frequency > 0) over (partition by c.language)
  from counted c
  window rarest_first as (partition by c.language order by c.frequency, c.lexeme, c.is_beginning);
end $$;

-- As before, and: in the tenant's languages, within `scope` (null: everywhere), under `restriction`, and at most
-- `per_document` chunks of one document. `coverage`: the score as a share of what a chunk full of every word of the query would
-- have, those that no chunk has included, so that it says of any query how well words alone answer it. Chunks are those of served versions; only of deleted documents some wait here for
-- their purge. Dynamic, so that conditions nobody asked for cost nothing; no text of the caller gets into it.
drop function app.keyword_candidates(text, int);
drop function app.tsv(text);
drop function app.bm25(tsvector, double precision);
drop function app.term_id(text);
create function app.keyword_candidates(question text, question_pairs text, beginning text, matches int, scope uuid[], restriction tsquery, per_document int)
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
    from app.query_terms(question, question_pairs, beginning) t)
  select
    (select ('{' || coalesce(string_agg(w.term || ':' || w.idf, ',' order by w.term), '') || '}/536870912')::sparsevec from (
      select app.term_id(language, lexeme) as term, sum(idf * t.repeats)::real as idf from terms t where frequency > 0 and not is_beginning group by 1) w),
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

-- Vectors -----------------------------------------------------------------------------------------------
-- Nearest vectors by the tenant's HNSW index, without those of deleted documents. The plan is fixed: with a sort refused
-- only the index gives the order, and it goes on reading until `matches` rows passed. It may return fewer than exist, once
-- hnsw.max_scan_tuples are read; who calls then asks exactly.
create function app.nearest(question halfvec, of_model text, matches int, scope uuid[], restriction tsquery)
returns table (document_id uuid, version int, ordinal int, distance double precision)
language plpgsql stable
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off set enable_memoize = off
set hnsw.iterative_scan = strict_order set hnsw.ef_search = 400 set hnsw.max_scan_tuples = 40000
as $$
declare
  deleted uuid[] := array(select d.id from app.documents d where d.tenant_id = app.tenant() and d.status = 'deleting');
  found text := 'select e.document_id, e.version, e.ordinal, e.embedding <=> $2 from app.embeddings e';
begin
  if restriction is not null then
    found := found || ' join app.chunks c on c.tenant_id = $1 and c.document_id = e.document_id and c.version = e.version and c.ordinal = e.ordinal and c.tsv @@ $6';
  end if;
  found := found || ' where e.tenant_id = $1 and e.model = $3';
  if cardinality(deleted) > 0 then found := found || ' and e.document_id <> all($4)'; end if;
  if scope is not null then found := found || ' and e.document_id = any($5)'; end if;
  return query execute found || ' order by e.embedding <=> $2 limit $7'
    using app.tenant(), question, of_model, deleted, scope, restriction, matches;
end $$;

revoke execute on function app.tsv(text, text), app.term_id(text, text), app.term_query(text), app.candidates_max(double precision), app.weigh(text, tsvector, double precision), app.query_terms(text, text, text), app.restriction(text[], text[], text[], text[], text[]),
  app.keyword_candidates(text, text, text, int, uuid[], tsquery, int), app.nearest(halfvec, text, int, uuid[], tsquery) from public;
grant execute on function app.tsv(text, text), app.term_id(text, text), app.weigh(text, tsvector, double precision), app.term_query(text),
  app.candidates_max(double precision) to resolve_app, resolve_search;
grant execute on function app.restriction(text[], text[], text[], text[], text[]), app.nearest(halfvec, text, int, uuid[], tsquery) to resolve_app;
grant execute on function app.query_terms(text, text, text), app.keyword_candidates(text, text, text, int, uuid[], tsquery, int) to resolve_app;
grant create on schema app to resolve_search;
reset role;
alter function app.query_terms(text, text, text) owner to resolve_search;
alter function app.keyword_candidates(text, text, text, int, uuid[], tsquery, int) owner to resolve_search;
set local role resolve_owner;
revoke create on schema app from resolve_search;
