--! breaking
-- Collections: documents that only some callers of their tenant may see. The policies decide it, so that every way to a
-- document obeys, search's own role included.
set local role resolve_owner;

-- `role` as the credential has it; the system itself for those who know none.
drop function app.enter(uuid, text, text);
create function app.enter(tenant uuid, actor text, request text, role text default 'system') returns uuid language plpgsql volatile as $$
declare
  present uuid := app.tenant();
begin
  if tenant is null then
    raise exception 'app.enter needs a tenant' using errcode = '42501';
  end if;
  if present is not null and present <> tenant then
    raise exception 'this transaction already works for another tenant' using errcode = '42501';
  end if;
  perform set_config('app.tenant', tenant::text, true), set_config('app.actor', coalesce(actor, ''), true),
    set_config('app.request', coalesce(request, ''), true), set_config('app.role', coalesce(role, ''), true),
    set_config('role', 'resolve_app', true);
  return tenant;
end $$;

-- Access lists do not bind these.
create function app.reads_all() returns boolean language sql stable parallel safe
return coalesce(current_setting('app.role', true), '') in ('system', 'admin', 'tenant_admin');
revoke execute on function app.enter(uuid, text, text, text), app.reads_all() from public;
grant execute on function app.enter(uuid, text, text, text) to api_a, api_b, worker_a, worker_b;
grant execute on function app.reads_all() to resolve_app, resolve_search;

create table app.collections (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- Roles (`user`) and actors (`apiKey:key_…`) who may see it; none: everybody of the tenant.
  readers text[] not null default '{}',
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id),
  constraint collections_name unique (tenant_id, name)
);
select app.protect('app.collections');
create trigger keep_tenant before update of tenant_id on app.collections for each row
  when (old.tenant_id is distinct from new.tenant_id) execute function app.keep_tenant();
create policy search on app.collections for select to resolve_search using (true);
create policy readers on app.collections as restrictive to resolve_app, resolve_search using (
  (select app.reads_all()) or readers = '{}' or readers && array[current_setting('app.role', true), current_setting('app.actor', true)]);
grant select, insert, update, delete on app.collections to resolve_app;
grant select on app.collections to resolve_search;

-- Whether there are collections that the caller may not see: search then looks at the visible documents only.
create function app.hides_collections() returns boolean language sql stable security definer set search_path = pg_catalog as $$
  select not app.reads_all() and exists (
    select from app.collections where tenant_id = (select app.tenant()) and readers <> '{}'
      and not readers && array[current_setting('app.role', true), current_setting('app.actor', true)])
$$;
revoke execute on function app.hides_collections() from public;
grant execute on function app.hides_collections() to resolve_app;

alter table app.documents add constraint documents_collection foreign key (tenant_id, collection_id) references app.collections (tenant_id, id);
create index documents_collection on app.documents (tenant_id, collection_id, id desc) where collection_id is not null;
-- The collections that the reader sees are read once a statement, and only when a document has one.
create policy readers on app.documents as restrictive to resolve_app, resolve_search using (
  collection_id is null or collection_id in (select c.id from app.collections c where c.tenant_id = (select app.tenant())));
