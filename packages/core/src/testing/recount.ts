/** SQL: the BM25 weights of a chunk `c`, computed again from its `tsv`, `language` and `average`. */
export const recount = `(
  select ('{' || coalesce(string_agg(term || ':' || weight, ',' order by term), '') || '}/536870912')::sparsevec from (
    select app.term_id(c.language, lexeme) as term, sum(tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * total / c.average)))::float4 as weight
    from (
      -- The label C marks other forms of words, which count less and are not part of the length; B words that lose their accents.
      select lexeme, own - cardinality(array_positions(weights, 'B')) / 20.0 + forms / (2 * forms + 1) as tf, sum(own) over () as total
      from unnest(c.tsv), lateral (select cardinality(array_positions(weights, 'C'))::float8 as forms) f,
        lateral (select cardinality(positions) - forms as own) o) l
    group by 1) t)`;
