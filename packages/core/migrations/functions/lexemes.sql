-- The lexemes of words in lower case, by the dictionaries of a text search configuration. The lexeme of a stop word is null.
-- As in the configuration, a word with digits is its own lexeme, and a word of ASCII letters may have a dictionary of its own
-- (token types 1 and 2 of the default parser). A word with its dash (-xvf) and a word with
-- exactly these accents (=müller) are their own lexemes too.
-- In PL/pgSQL, as those that call it for a search: a session keeps the plan, which takes longer to make than the query to run. With a
-- search path of its own, because a plan is made again when the path of the caller is another one.
create or replace function app.lexemes(language text, words text[]) returns table (place bigint, word text, lexeme text, term int)
language plpgsql stable parallel safe rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select w.place, w.word, l.lexeme, app.term_id(lexemes.language, l.lexeme)
  from (select max(mapdict) filter (where maptokentype = 1) as ascii, max(mapdict) filter (where maptokentype = 2) as other
      from pg_catalog.pg_ts_config_map where mapcfg = ('pg_catalog.' || lexemes.language)::regconfig and mapseqno = 1) d,
    unnest(words) with ordinality as w (word, place),
    -- A lexeme has at most 2,046 bytes, and no query contains a word of that length.
    lateral (select case when length(w.word) > 255 then null when w.word ~ '[0-9=-]' then w.word
      else (ts_lexize((case when octet_length(w.word) = length(w.word) then d.ascii else d.other end)::regdictionary, w.word))[1] end as lexeme offset 0) l;
end $$;
grant execute on function app.lexemes(text, text[]) to resolve_app, resolve_search;
