/** SQL: the BM25 weights of a chunk `c`, computed again from its `tsv`, `language` and `average`. */
export const recount = `(
  select ('{' || coalesce(string_agg(term || ':' || weight, ',' order by term), '') || '}/536870912')::sparsevec from (
    select app.term_id(c.language, lexeme) as term, sum(tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * total / c.average)))::float4 as weight
    from (select lexeme, cardinality(positions)::float8 as tf, sum(cardinality(positions)) over ()::float8 as total from unnest(c.tsv)) l
    group by 1) t)`;
