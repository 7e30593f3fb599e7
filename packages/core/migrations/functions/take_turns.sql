-- Marks the tenant's next waiting versions as sent, so that at most `per_tenant` of them are in a queue or at work, and returns them; the
-- caller has locked the tenant's turns, and writes their messages. `turn` is the column: `dispatch` waits for processing, `fetching` for the
-- bytes of an address. Each has a statement of its own, because each needs the partial indexes of its column. In PL/pgSQL a session keeps the
-- plan, which has a part for each month: a document takes two turns, and to plan each took 1.2 ms.
create or replace function app.take_turns(turn text, per_tenant int, function_bytes_max bigint, fetch_seconds int)
returns table (document_id uuid, version int, worker text, source_url text)
language plpgsql volatile rows 5 set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
  tenant uuid := app.tenant();
begin
  if turn = 'dispatch' then
    return query
    with next as (
      select document_id, version from app.document_versions where tenant_id = tenant and dispatch = 'waiting' order by id
      limit greatest(0, per_tenant - (select count(*) from app.document_versions where tenant_id = tenant and dispatch = 'sent'))
      for update skip locked)
    update app.document_versions v
    set dispatch = 'sent', worker = case when v.size_bytes > function_bytes_max then 'task' else v.worker end from next
    where v.tenant_id = tenant and v.document_id = next.document_id and v.version = next.version
    returning v.document_id, v.version, v.worker, v.source_url;
  else
    return query
    with next as (
      select document_id, version from app.document_versions where tenant_id = tenant and fetching = 'waiting' order by id
      limit greatest(0, per_tenant - (select count(*) from app.document_versions where tenant_id = tenant and fetching = 'sent'))
      for update skip locked)
    update app.document_versions v
    set fetching = 'sent', upload_expires_at = app.now() + make_interval(secs => fetch_seconds) from next
    where v.tenant_id = tenant and v.document_id = next.document_id and v.version = next.version
    returning v.document_id, v.version, v.worker, v.source_url;
  end if;
end $$;
grant execute on function app.take_turns(text, int, bigint, int) to resolve_app;
