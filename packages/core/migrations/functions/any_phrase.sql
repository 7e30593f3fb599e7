-- The query that a chunk matches in which the words of one of these lists follow each other; null when no list has two words that are
-- not stop words.
create or replace function app.any_phrase(languages text[], phrases jsonb) returns tsquery language plpgsql stable parallel safe set plan_cache_mode = force_generic_plan as $$
begin return (
  select string_agg(distinct r.query::text, ' | ')::tsquery
  from jsonb_array_elements(phrases) p (words), app.restriction(languages, jsonb_build_array(p.words), '[]', '{}') r (query)
  where r.query::text like '%<%>%');
end $$;
grant execute on function app.any_phrase(text[], jsonb) to resolve_app;
