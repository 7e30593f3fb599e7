-- Removes a name (`user:usr_…`, `group:` and the UUID) from the groups and from the access lists of the tenant's collections, and returns
-- the collections. A list that becomes empty would show its collection to everybody; administrators alone keep it. Security definer,
-- because a caller whom access lists restrict does not see every collection.
create or replace function app.forget_reader(reader text) returns table (collection_id uuid)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from app.group_members m where m.tenant_id = app.tenant() and m.member = reader;
  update app.collections c set updated_at = app.now(),
    readers = case when array_remove(c.readers, reader) = '{}' then array['tenant_admin'] else array_remove(c.readers, reader) end
  where c.tenant_id = app.tenant() and reader = any(c.readers) returning c.id
$$;
grant execute on function app.forget_reader(text) to resolve_app;
