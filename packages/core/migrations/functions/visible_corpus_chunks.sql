-- As app.corpus_chunks, of the documents that the caller may see, by the policies.
create or replace function app.visible_corpus_chunks(of_language text) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  return (select sum(d.chunks) from app.documents d
    where d.tenant_id = app.tenant() and d.language = of_language and d.live_version is not null and d.status <> 'deleting');
end $$;
grant execute on function app.visible_corpus_chunks(text) to resolve_search;
