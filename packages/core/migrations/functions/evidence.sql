-- What an answer needs of the chunks that its search has found. `asked` has each spelling of a word of the question, with the number of the
-- word and its own spelling; `named` each spelling of a word of headings and names. Returns the chunks with the positions of the words;
-- the words' lexemes by language; and which word of the question a word of headings or names matches. In PL/pgSQL a session keeps
-- the plan: to make it takes two thirds as long as to run it.
create or replace function app.evidence(ids uuid[], asked jsonb, named jsonb) returns table (sources json, spelled json, labels json)
language plpgsql stable rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  with hits as materialized (select * from app.found_chunks(ids)),
  languages as materialized (select distinct language from hits),
  asked as materialized (select * from jsonb_to_recordset(evidence.asked) as (word int, spelling text, own text)),
  named as materialized (select * from jsonb_to_recordset(evidence.named) as (label text, spelling text)),
  lexicon as materialized (
    select l.language, x.word as spelling, x.lexeme from languages l,
      app.lexemes(l.language, array(select spelling from asked union select spelling from named)) x
    where x.lexeme is not null),
  spelled as materialized (
    select distinct l.language, a.word, l.lexeme, a.spelling = a.own as is_own from asked a join lexicon l using (spelling))
  select
    (select json_agg(json_build_object('n', h.n, 'language', h.language, 'marks', h.marks, 'created_at', v.created_at, 'found', (
        select json_agg(json_build_object('word', f.word, 'at', f.at)) from (
          select s.word, array_agg(distinct p order by p) as at from unnest(h.tsv) t (lexeme, positions, weights)
            join spelled s on s.language = h.language and s.lexeme = t.lexeme, unnest(t.positions) p
          group by s.word) f)))
      from hits h join app.versions_of((select array_agg(document_id) from hits), (select array_agg(abs(version)) from hits)) v
        on v.document_id = h.document_id and v.version = abs(h.version)),
    (select json_agg(s) from spelled s),
    (select json_agg(x) from (
      select distinct l.language, n.label, s.word from named n join lexicon l using (spelling)
        join spelled s on s.language = l.language and s.lexeme = l.lexeme) x);
end $$;
grant execute on function app.evidence(uuid[], jsonb, jsonb) to resolve_app;
