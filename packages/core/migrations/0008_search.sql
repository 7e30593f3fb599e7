--! breaking
-- Search: text in the language it is written in, phrases and exclusions, filters, and an HNSW index for tenants too
-- large for exact search.
set local role resolve_owner;

-- The HNSW index that search may use, and the model whose vectors are in it.
alter table app.embedders add column index_name text, add column indexed text;
alter table app.jobs drop constraint jobs_type_check;
alter table app.jobs add constraint jobs_type_check check (type in ('reembed', 'reindex', 'reweigh', 'index', 'prune', 'purge'));

-- Tenants whose vectors take more than so many bytes and are not in an index. A file's size costs nothing to ask for,
-- and counting the rows of every tenant would.
create function app.tenants_to_index(bytes bigint) returns setof uuid
language sql stable security definer set search_path = pg_catalog as $$
  select e.tenant_id from app.embedders e
  where e.indexed is distinct from e.serving
    and pg_relation_size(to_regclass('app.embeddings_' || replace(e.tenant_id::text, '-', ''))) > bytes
$$;
revoke execute on function app.tenants_to_index(bigint) from public;
grant execute on function app.tenants_to_index(bigint) to resolve_system;

-- Languages ---------------------------------------------------------------------------------------------
-- Text search configurations of a tenant's documents; a query is read by each of them. `average`: lexemes of a chunk, which
-- weights are made against; null until it was measured, when the tenant's vectors took `measured_bytes`.
create table app.corpora (
  tenant_id uuid not null references app.tenants,
  language text not null,
  average real check (average > 0),
  measured_bytes bigint,
  primary key (tenant_id, language)
);
select app.protect('app.corpora');
create trigger keep_tenant before update of tenant_id on app.corpora for each row
  when (old.tenant_id is distinct from new.tenant_id) execute function app.keep_tenant();
grant select, insert, update on app.corpora to resolve_app;
create policy search on app.corpora for select to resolve_search using (true);
grant select on app.corpora to resolve_search;
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
  select e.tenant_id, s.bytes from app.embedders e,
    lateral (select pg_relation_size(to_regclass('app.embeddings_' || replace(e.tenant_id::text, '-', ''))) as bytes) s
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

-- The words of a query in the tenant's languages that any of its chunks has, with how many have them: exact. What a word
-- is worth depends on the chunks of its own language; one that the query repeats is worth as much more.
create function app.query_terms(question text, question_pairs text)
returns table (language text, lexeme text, frequency bigint, idf double precision, repeats int)
language sql stable security definer set search_path = pg_catalog, public as $$
  with corpora as materialized (
    select d.language, sum(d.chunks)::float8 as size from app.documents d
    where d.tenant_id = (select app.tenant()) and d.live_version is not null and d.status <> 'deleting' group by d.language)
  select o.language, t.lexeme, f.frequency, ln(1 + greatest(o.size - f.frequency + 0.5, 0.5) / (f.frequency + 0.5)), cardinality(t.positions)
  from corpora o, unnest(app.tsv(o.language, case o.language when 'simple' then question_pairs else question end)) t,
    lateral (select count(*) as frequency from app.chunks c
      where c.tenant_id = (select app.tenant()) and c.tsv @@ quote_literal(t.lexeme)::tsquery and c.language = o.language offset 0) f
  where f.frequency > 0
$$;

-- As before, and: in the tenant's languages, within `scope` (null: everywhere), under `restriction`, and at most
-- `per_document` chunks of one document.
drop function app.keyword_candidates(text, int);
drop function app.tsv(text);
drop function app.bm25(tsvector, double precision);
drop function app.term_id(text);
create function app.keyword_candidates(question text, question_pairs text, matches int, scope uuid[], restriction tsquery, per_document int)
returns table (document_id uuid, version int, ordinal int, score double precision)
language sql stable security definer set search_path = pg_catalog, public as $$
  with query as materialized (select * from app.query_terms(question, question_pairs)),
  weights as materialized (
    select ('{' || string_agg(term || ':' || idf, ',' order by term) || '}/536870912')::sparsevec as vector
    from (select app.term_id(language, lexeme) as term, sum(idf * repeats)::real as idf from query group by 1) t),
  terms as materialized (
    select case when numnode(restriction) > 0 then words && restriction else words end as demanded
    from (select string_agg(distinct quote_literal(lexeme), ' | ')::tsquery as words from query) w),
  found as (
    select c.document_id, c.version, c.ordinal, c.id, -(c.terms <#> (select vector from weights)) as score
    from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id and d.live_version = c.version and d.status <> 'deleting'
    where c.tenant_id = (select app.tenant()) and c.tsv @@ (select demanded from terms) and (scope is null or c.document_id = any(scope))),
  placed as (
    select f.*, row_number() over (partition by f.document_id order by f.score desc, f.id) as place from found f)
  select p.document_id, p.version, p.ordinal, p.score from placed p
  where per_document is null or p.place <= per_document
  order by p.score desc, p.id limit matches
$$;

-- Vectors -----------------------------------------------------------------------------------------------
-- Nearest vectors of served documents by the tenant's HNSW index. The plan is fixed: with a sort refused only the index
-- gives the order, and it goes on reading until `matches` rows passed. It may return fewer than exist, once
-- hnsw.max_scan_tuples are read; who calls then asks exactly.
create function app.nearest(question halfvec, of_model text, matches int, scope uuid[], restriction tsquery)
returns table (document_id uuid, version int, ordinal int, distance double precision)
language plpgsql stable
set plan_cache_mode = force_custom_plan
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off set enable_memoize = off
set hnsw.iterative_scan = strict_order set hnsw.ef_search = 400 set hnsw.max_scan_tuples = 40000
as $$
declare
  -- A constant for the planner: it finds the partition and its index.
  tenant uuid := app.tenant();
begin
  if restriction is null then
    return query
      select e.document_id, e.version, e.ordinal, e.embedding <=> question
      from app.embeddings e join app.documents d
        on d.tenant_id = tenant and d.id = e.document_id and d.live_version = e.version and d.status <> 'deleting'
      where e.tenant_id = tenant and e.model = of_model and (scope is null or e.document_id = any(scope))
      order by e.embedding <=> question limit matches;
  else
    return query
      select e.document_id, e.version, e.ordinal, e.embedding <=> question
      from app.embeddings e join app.documents d
        on d.tenant_id = tenant and d.id = e.document_id and d.live_version = e.version and d.status <> 'deleting'
      join app.chunks c on c.tenant_id = tenant and c.document_id = e.document_id and c.version = e.version and c.ordinal = e.ordinal
      where e.tenant_id = tenant and e.model = of_model and (scope is null or e.document_id = any(scope)) and c.tsv @@ restriction
      order by e.embedding <=> question limit matches;
  end if;
end $$;

revoke execute on function app.tsv(text, text), app.term_id(text, text), app.weigh(text, tsvector, double precision), app.query_terms(text, text), app.restriction(text[], text[], text[], text[], text[]),
  app.keyword_candidates(text, text, int, uuid[], tsquery, int), app.nearest(halfvec, text, int, uuid[], tsquery) from public;
grant execute on function app.tsv(text, text), app.term_id(text, text), app.weigh(text, tsvector, double precision) to resolve_app, resolve_search;
grant execute on function app.restriction(text[], text[], text[], text[], text[]), app.nearest(halfvec, text, int, uuid[], tsquery) to resolve_app;
grant execute on function app.query_terms(text, text), app.keyword_candidates(text, text, int, uuid[], tsquery, int) to resolve_app;
grant create on schema app to resolve_search;
reset role;
alter function app.query_terms(text, text) owner to resolve_search;
alter function app.keyword_candidates(text, text, int, uuid[], tsquery, int) owner to resolve_search;
set local role resolve_owner;
revoke create on schema app from resolve_search;
