--! breaking
-- Long-running work, and the model that a tenant's search uses.
set local role resolve_owner;

-- A model goes by its name: which ones there are is a matter of configuration.
alter table app.embeddings alter column model type text using 'hash-v0';

create table app.embedders (
  tenant_id uuid primary key references app.tenants,
  -- The model that search asks, and the one being made ready beside it.
  serving text not null,
  next text check (next <> serving)
);
insert into app.embedders (tenant_id, serving) select id, 'hash-v0' from app.tenants;

create table app.jobs (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  type text not null check (type in ('reembed', 'reindex', 'prune', 'purge')),
  status text not null default 'queued' check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  params jsonb not null default '{}',
  -- Where the next step begins; written with what the step before it did.
  checkpoint jsonb not null default '{}',
  done bigint not null default 0,
  total bigint,
  -- What the present worker started from: its rate is (done - claimed_done) since claimed_at.
  claimed_at timestamptz,
  claimed_done bigint not null default 0,
  result jsonb,
  failure jsonb,
  owner text not null default '',
  lease_token bigint not null default 0,
  lease_until timestamptz,
  -- Claims since the last step that was done.
  attempts int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
create unique index jobs_one_of_a_type on app.jobs (tenant_id, type) where status in ('queued', 'running', 'paused');
create index jobs_unfinished on app.jobs (updated_at) where status in ('queued', 'running');

-- Documents too large for a function go to the worker of the jobs.
alter table app.document_versions add column worker text not null default 'function' check (worker in ('function', 'task'));

do $$
declare
  target regclass;
begin
  foreach target in array array['app.embedders', 'app.jobs']::regclass[] loop
    perform app.protect(target);
    execute format('create trigger keep_tenant before update of tenant_id on %s for each row
      when (old.tenant_id is distinct from new.tenant_id) execute function app.keep_tenant()', target);
  end loop;
end $$;
grant select, insert, update on app.embedders to resolve_app;
grant select, insert, update, delete on app.jobs to resolve_app;
create policy system on app.jobs to resolve_system using (true);
grant select on app.jobs to resolve_system;
create policy platform on app.jobs for select to resolve_platform using (true);
grant select on app.jobs to resolve_platform;
