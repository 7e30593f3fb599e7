-- The query that a chunk must match besides its score: every phrase and none of the excluded phrases, which are lists of words.
-- `dashed` has for each excluded phrase its form with a dash, or null: `tar -xvf` means a chunk that contains `-xvf` itself, so that
-- one is not excluded. Null when there is none.
create or replace function app.restriction(languages text[], phrases jsonb, excluded jsonb, dashed text[]) returns tsquery language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin return (
  with demands as (
    select p.n, false as is_excluded, p.words from jsonb_array_elements(phrases) with ordinality as p (words, n)
    union all
    select x.n, true, x.words from jsonb_array_elements(excluded) with ordinality as x (words, n)),
  lexemes as (
    select d.n, d.is_excluded, l as language, w.place, app.term_query(w.lexeme)::text as term,
      w.place - lag(w.place) over (partition by d.n, d.is_excluded, l order by w.place) as distance
    from demands d, unnest(languages) l, app.lexemes(l, array(select jsonb_array_elements_text(d.words))) w
    where w.lexeme is not null),
  -- A phrase of stop words restricts nothing.
  readings as (
    select n, is_excluded, string_agg(coalesce('<' || distance || '>', '') || term, ' ' order by place) as query
    from lexemes group by n, is_excluded, language),
  -- Of a phrase that has only stop words in one of the languages, no chunk of that language could have a lexeme.
  alternatives as (
    select n, is_excluded, string_agg(query, ' | ') as any_of from readings group by n, is_excluded
    having is_excluded or count(*) = cardinality(languages))
  select string_agg(case when is_excluded then '(!(' || any_of || ')' || coalesce(' | ' || app.term_query(dashed[n])::text, '') || ')' else '(' || any_of || ')' end, ' & ')::tsquery from alternatives);
end $$;
grant execute on function app.restriction(text[], jsonb, jsonb, text[]) to resolve_app;
