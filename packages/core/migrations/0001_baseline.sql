-- The whole schema: extensions, roles, tables, policies, and the functions that these need.
--
-- How the database changes from here on:
-- * A change of tables, policies or roles is a new file NNNN_what.sql in this folder. It runs once, in a transaction of its
--   own. A file that was released is never edited; the runner refuses it.
-- * A function that no table, policy, default, generated column or trigger needs has one file in functions/, with its
--   comment and its grants. After the migrations the runner applies the files whose text has changed. Old code runs beside
--   new code during a deployment, so a function whose parameters or result change gets a new name; a later migration drops
--   the former one.
-- * A function that those do need stands here. A migration replaces it (`create or replace`).
--
-- The migrator is a superuser, or the master user of RDS, which may create roles and is no superuser.
create extension if not exists vector;
create extension if not exists btree_gin;

-- Roles belong to the server, not to the database: the second database of a server finds them there.
-- Group roles hold grants and policies. Login roles hold timeouts, which PostgreSQL applies at login only. Login roles come in
-- pairs: one of a pair gets a new password while the other one is in use.
do $$
declare
  role_name text;
  login record;
begin
  -- Two databases that migrate at the same time would both create the roles.
  perform pg_advisory_xact_lock(7461001);
  foreach role_name in array array['resolve_owner', 'resolve_app', 'resolve_system', 'resolve_platform', 'resolve_search'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', role_name);
    end if;
    if not pg_has_role(current_user, role_name, 'member') then
      execute format('grant %I to current_user', role_name);
    end if;
  end loop;
  for login in
    select * from (values
      ('api', 'noinherit', array['resolve_app', 'resolve_platform'], '3s', '1s', true),
      ('worker', 'noinherit', array['resolve_app'], '30s', '1s', true),
      ('system', 'noinherit', array['resolve_system'], '30s', '1s', true),
      ('builder', 'inherit', array['resolve_owner'], '0', '2s', false)
    ) as l (name, inherits, groups, statement_timeout, lock_timeout, is_short)
  loop
    foreach role_name in array array[login.name || '_a', login.name || '_b'] loop
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I login %s nosuperuser nobypassrls nocreatedb nocreaterole', role_name, login.inherits);
        execute format('grant %s to %I', array_to_string(login.groups, ', '), role_name);
        execute format('alter role %I set statement_timeout = %L', role_name, login.statement_timeout);
        execute format('alter role %I set lock_timeout = %L', role_name, login.lock_timeout);
        execute format('alter role %I set idle_in_transaction_session_timeout = %L', role_name, '30s');
        -- To compile the plan of a query over many partitions takes longer than the query, and parallel workers take 70 ms to start.
        if login.is_short then
          execute format('alter role %I set jit = off', role_name);
          execute format('alter role %I set max_parallel_workers_per_gather = 0', role_name);
        end if;
      end if;
    end loop;
  end loop;
  execute format('grant create on database %I to resolve_owner', current_database());
end $$;

-- PostgreSQL lets everybody execute a new function. A revocation for one schema cannot take that back, so it is for the two
-- roles that own functions.
set local role resolve_search;
alter default privileges revoke execute on functions from public;
set local role resolve_owner;
alter default privileges revoke execute on functions from public;

create schema app;
grant usage on schema app to resolve_app, resolve_system, resolve_platform, resolve_search,
  api_a, api_b, worker_a, worker_b, system_a, system_b, builder_a, builder_b;

-- Functions of defaults, generated columns and policies --------------------------------------------
-- Tests set `app.clock_offset`; nothing else does.
create function app.now() returns timestamptz language sql stable parallel safe
return now() + coalesce(nullif(current_setting('app.clock_offset', true), ''), '0')::interval;

-- Ids are UUIDv7 (RFC 9562): the first 48 bits are the millisecond of creation.
create function app.uuid_time(id uuid) returns timestamptz language sql immutable strict parallel safe
return to_timestamp((('x' || encode(substring(uuid_send(id) from 1 for 6), 'hex'))::bit(48)::bigint) / 1000.0::double precision);

-- The tenant of the transaction; app.enter sets it.
create function app.tenant() returns uuid language sql stable parallel safe
return nullif(current_setting('app.tenant', true), '')::uuid;

-- The collections of an API key that is limited to some; null for every other caller. The context sets them.
create function app.key_collections() returns uuid[] language sql stable parallel safe
return nullif(current_setting('app.key_collections', true), '')::uuid[];

-- Whether the caller's role sees every collection. app.enter sets the role.
create function app.reads_all() returns boolean language sql stable parallel safe
return coalesce(current_setting('app.role', true), '') in ('system', 'admin', 'tenant_admin');

grant execute on function app.now(), app.uuid_time(uuid), app.tenant() to resolve_app, resolve_system, resolve_platform, resolve_search;
grant execute on function app.tenant() to api_a, api_b, worker_a, worker_b, system_a, system_b;
grant execute on function app.reads_all(), app.key_collections() to resolve_app, resolve_search;

-- Protection of tables -----------------------------------------------------------------------------
create function app.keep_tenant() returns trigger language plpgsql as $$
begin
  raise exception 'tenant_id of % cannot change', tg_table_name using errcode = '23514';
end $$;

-- Row-level security for a table or a partition: the app role sees the rows of the transaction's tenant.
-- A partition gets nothing else. A query of the partition itself passes the parent's policies, therefore the partition has
-- its own and no role but the owner has a grant on it.
create procedure app.isolate(target regclass, tenant_column name default 'tenant_id') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  -- PostgreSQL evaluates the sub-select once for each statement and a plain call once for each row: 7.7 times slower (measured).
  execute format('create policy tenant on %s to resolve_app using (%I = (select app.tenant())) with check (%I = (select app.tenant()))',
    target, tenant_column, tenant_column);
  -- Without this policy the update of a migration would match no row and report no error.
  execute format('create policy owner on %s to resolve_owner using (true) with check (true)', target);
end $$;

-- Every table calls this: row-level security, grants for each role, and a trigger that keeps the tenant of a row.
-- `app`, `system`, `platform` and `search` are the privileges of resolve_app (rows of its tenant) and of resolve_system,
-- resolve_platform and resolve_search (rows of all tenants). Null: the role has no access.
create procedure app.protect(target regclass, app text default 'select, insert, update, delete', system text default null,
  platform text default null, search text default null, tenant_column name default 'tenant_id')
language plpgsql as $$
begin
  call app.isolate(target, tenant_column);
  -- A parent's trigger is enough: ATTACH copies it to the partition.
  if tenant_column = 'tenant_id' then
    execute format('create trigger keep_tenant before update of tenant_id on %s for each row
      when (old.tenant_id is distinct from new.tenant_id) execute function app.keep_tenant()', target);
  end if;
  if app is not null then
    execute format('grant %s on %s to resolve_app', app, target);
  end if;
  if system is not null then
    execute format('create policy system on %s to resolve_system using (true) with check (true)', target);
    execute format('grant %s on %s to resolve_system', system, target);
  end if;
  if platform is not null then
    execute format('create policy platform on %s for select to resolve_platform using (true)', target);
    execute format('grant %s on %s to resolve_platform', platform, target);
  end if;
  if search is not null then
    execute format('create policy search on %s for select to resolve_search using (true)', target);
    execute format('grant %s on %s to resolve_search', search, target);
  end if;
end $$;

-- Tables. A primary key begins with tenant_id, and a foreign key contains it ------------------------
create table app.tenants (
  id uuid primary key,
  slug text not null constraint tenants_slug unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  external_id text constraint tenants_external_id unique,
  name text not null check (length(name) between 1 and 200),
  plan text not null default 'team' check (plan in ('free', 'team', 'enterprise')),
  region text not null default 'us-east-1',
  status text not null default 'onboarding' check (status in ('onboarding', 'active', 'suspended', 'offboarding', 'deleted')),
  -- SHA-256 of the request that created the tenant: a second request with the same externalId and other content is a conflict.
  request_hash bytea,
  -- The tenant's data key, encrypted with the KMS key.
  data_key bytea not null,
  is_platform boolean not null default false,
  -- How the tenant's files are read, unless a document says otherwise.
  reading jsonb not null default '{"hiddenText": "leave-out"}',
  -- How the tenant's questions are answered. Null means the default.
  answering jsonb,
  -- Of a suspended tenant: what the operator tells it, since when, and the status that it gets back.
  suspension_reason text check (length(suspension_reason) between 1 and 500),
  suspended_at timestamptz,
  suspended_from text check (suspended_from in ('onboarding', 'active')),
  -- When its last suspension ended.
  resumed_at timestamptz,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  constraint tenants_suspension check (status <> 'suspended'
    or (suspension_reason is not null and suspended_at is not null and suspended_from is not null and not is_platform))
);
create unique index tenants_one_platform on app.tenants (is_platform) where is_platform;
-- The relay and the sweep leave out the work of these.
create index tenants_suspended on app.tenants (id) where status = 'suspended';
call app.protect('app.tenants', 'select, insert, update', system => 'select', platform => 'select', tenant_column => 'id');

create table app.users (
  id uuid primary key,
  -- The person's account in the platform's own pool.
  subject text constraint users_subject unique,
  email text not null constraint users_email unique check (email = lower(email)),
  -- Tokens of a sign-in before this time are refused. Null: the person has never signed out.
  sessions_valid_after timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored
);

create table app.memberships (
  tenant_id uuid not null references app.tenants,
  user_id uuid not null references app.users,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  -- A removed member keeps its row, so that the owner of a document can still be named.
  status text not null default 'active' check (status in ('active', 'suspended', 'removed')),
  -- As this tenant names the person. A user has no name of its own: one tenant must not see or choose what another one shows.
  name text,
  joined_at timestamptz not null default app.now(),
  updated_at timestamptz not null default app.now(),
  primary key (tenant_id, user_id)
);
create index memberships_user on app.memberships (user_id);
call app.protect('app.memberships');

-- A user belongs to no tenant. A tenant sees the users that are its members.
alter table app.users enable row level security;
alter table app.users force row level security;
create policy member on app.users to resolve_app
  using (exists (select from app.memberships m where m.tenant_id = (select app.tenant()) and m.user_id = users.id));
create policy owner on app.users to resolve_owner using (true) with check (true);
grant select on app.users to resolve_app;

-- Accounts at a tenant's own identity provider. They act in that tenant only: no other tenant has agreed to trust the provider.
create table app.federated_identities (
  tenant_id uuid not null references app.tenants,
  issuer text not null,
  subject text not null check (length(subject) between 1 and 255),
  user_id uuid not null references app.users,
  -- As app.users.sessions_valid_after, for a sign-out with this account: a tenant's provider must not end sessions elsewhere.
  sessions_valid_after timestamptz,
  primary key (tenant_id, issuer, subject)
);
create index federated_identities_user on app.federated_identities (user_id);
call app.protect('app.federated_identities', 'select');

create table app.invitations (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  -- An address and not a user: the id of a user contains the time of its creation, which would show a tenant that the address
  -- belongs to a member of another tenant.
  email text not null check (email = lower(email)),
  name text,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  status text not null default 'pending' check (status in ('pending', 'accepted', 'withdrawn', 'expired')),
  -- The token is derived from the id and this number. Sending the invitation again increases it, and the former token is void.
  round int not null default 1,
  token_hash bytea not null constraint invitations_token unique,
  expires_at timestamptz not null,
  -- When the mail of this round was handed over to the mail service.
  sent_at timestamptz,
  -- When the mail is due again, unless it is sent before. Null: it was sent, or it cannot be sent.
  send_due_at timestamptz,
  -- How often sending was begun in this round. A message for another number is out of date.
  send_attempts int not null default 0,
  send_failure text check (send_failure in ('address-refused', 'mail-unavailable', 'mail-not-configured')),
  accepted_at timestamptz,
  accepted_by uuid references app.users,
  created_by text not null default '',
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
create unique index invitations_pending on app.invitations (tenant_id, email) where status = 'pending';
-- A person finds the invitations of all tenants by the address, and the sweep the mails that are due.
create index invitations_email on app.invitations (email, id);
create index invitations_due on app.invitations (send_due_at) where send_due_at is not null;
call app.protect('app.invitations', system => 'select');

create table app.api_keys (
  tenant_id uuid not null references app.tenants,
  id uuid not null constraint api_keys_id unique,
  name text not null,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  -- The key has the permissions that are both in its role and in its scopes. Null: all of the role.
  scopes text[],
  hmac bytea not null,
  -- The secret before a rotation, which is valid until then.
  previous_hmac bytea,
  previous_until timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- Written once a day.
  last_used_on date,
  -- Addresses and networks (CIDR) from which the key may be used. Null: all.
  addresses text[],
  -- The only collections whose documents the key sees. Null: all that its role sees.
  collections uuid[],
  created_by text not null default '',
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
call app.protect('app.api_keys');

-- Limits of single tenants that differ from those of their plan, which are in the code, as are the names.
create table app.tenant_limits (
  tenant_id uuid not null references app.tenants,
  limited text not null,
  maximum bigint not null check (maximum >= 0),
  primary key (tenant_id, limited)
);
call app.protect('app.tenant_limits');

-- What a tenant has used, by hour and by month (UTC).
create table app.usage_hours (
  tenant_id uuid not null references app.tenants,
  hour timestamptz not null,
  meter text not null,
  -- Empty: counted in transactions. Otherwise the counter in Redis whose value this is: after a loss of Redis another one begins.
  source text not null default '',
  amount bigint not null check (amount >= 0),
  primary key (tenant_id, hour, meter, source)
);
call app.protect('app.usage_hours', platform => 'select');
create table app.usage_months (
  tenant_id uuid not null references app.tenants,
  month date not null,
  meter text not null,
  amount bigint not null check (amount >= 0),
  -- The amount that was compared with the limits last.
  checked_amount bigint not null default 0,
  -- The highest share of the limit, in percent, that an event has announced.
  announced int not null default 0,
  primary key (tenant_id, month, meter)
) with (fillfactor = 50);
create index usage_months_unchecked on app.usage_months (tenant_id) where amount <> checked_amount;
call app.protect('app.usage_months', system => 'select', platform => 'select');

-- Groups of users and API keys, which access lists of collections name.
create table app.groups (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id),
  constraint groups_name unique (tenant_id, name)
);
call app.protect('app.groups');

create table app.group_members (
  tenant_id uuid not null,
  group_id uuid not null,
  -- As app.actor names it: `user:usr_…` or `apiKey:key_…`.
  member text collate "C" not null,
  added_at timestamptz not null default app.now(),
  primary key (tenant_id, group_id, member),
  foreign key (tenant_id, group_id) references app.groups (tenant_id, id) on delete cascade
);
-- Every statement that reads documents looks for the groups of its caller.
create index group_members_member on app.group_members (tenant_id, member, group_id);
call app.protect('app.group_members');

-- The names under which access lists of collections may list a caller: its role, the caller itself, and its groups. Security
-- definer, because resolve_search has no access to the groups.
create function app.reader_names(role text, actor text) returns text[] language sql stable parallel safe
security definer set search_path = pg_catalog, pg_temp
return array[role, actor] || array(
  select 'group:' || m.group_id from app.group_members m where m.tenant_id = app.tenant() and m.member = actor);
grant execute on function app.reader_names(text, text) to resolve_app, resolve_search;

-- Documents ----------------------------------------------------------------------------------------
create table app.collections (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- Roles (`user`), actors (`apiKey:key_…`, `user:usr_…`) and groups (`group:` and the UUID) that may see the collection. Empty:
  -- every caller of the tenant.
  readers text[] not null default '{}',
  updated_at timestamptz not null default app.now(),
  -- A deleted collection still hides its deleted documents. The purge of the last one deletes the row.
  deleted_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
create unique index collections_name on app.collections (tenant_id, name) where deleted_at is null;
call app.protect('app.collections', search => 'select');
-- The tenant's collections whose access lists name an actor. The names are hashed: comparing two arrays took 4.5 times as long for
-- 1,000 lists of 100 names and a caller in 100 groups (860 instead of 190 ms, measured).
create function app.listed_collections(role text, actor text) returns setof uuid language sql stable parallel safe
security definer set search_path = pg_catalog, pg_temp as $$
  select c.id from app.collections c cross join unnest(c.readers) r (name)
  where c.tenant_id = app.tenant() and r.name in (select unnest(app.reader_names(role, actor)))
$$;
grant execute on function app.listed_collections(text, text) to resolve_app, resolve_search;
-- Policies hide a collection and its documents, so every query obeys, also those of resolve_search. The sub-selects run once for
-- each statement, and not at all for administrators.
create policy readers on app.collections as restrictive to resolve_app, resolve_search using (
  (select app.reads_all()) or readers = '{}'
  or id in (select app.listed_collections(current_setting('app.role', true), current_setting('app.actor', true))));
-- Of a limited key. For its writes too, so that it puts a document into one of its collections.
create policy key_collections on app.collections as restrictive to resolve_app, resolve_search using (
  (select app.key_collections()) is null or id = any ((select app.key_collections())::uuid[]));

create table app.documents (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  name text not null check (length(name) between 1 and 512),
  content_type text,
  size_bytes bigint not null check (size_bytes >= 0),
  sha256 bytea,
  status text not null check (status in ('awaiting_upload', 'queued', 'processing', 'ready', 'failed', 'deleting')),
  stage text check (stage in ('extracting', 'chunking', 'embedding', 'indexing')),
  stage_timings jsonb not null default '{}',
  failure jsonb,
  -- The newest version, and the one that search returns.
  version int not null default 1,
  live_version int,
  -- The rows of the live version's index have its number times this as their version. A reindex writes the other rows beside them.
  index_sign int not null default 1 check (index_sign in (1, -1)),
  pages int,
  chunks int not null default 0,
  metadata jsonb not null default '{}',
  external_id text,
  collection_id uuid,
  -- An older document of the tenant with the same bytes.
  duplicate_of uuid,
  owner text not null default '',
  updated_at timestamptz not null default app.now(),
  ready_at timestamptz,
  purge_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  language text,
  -- What the reader left out or could not read, of the live version.
  warnings jsonb not null default '[]',
  -- How the file is read. Null means as the tenant wants it.
  reading jsonb,
  primary key (tenant_id, id),
  constraint documents_collection foreign key (tenant_id, collection_id) references app.collections (tenant_id, id)
) partition by range (id);
-- Blueprint D-15, F-50: metadata filters ask for containment only, hence jsonb_path_ops.
create index documents_metadata on app.documents using gin (metadata jsonb_path_ops);
create index documents_status on app.documents (tenant_id, status, id desc);
create index documents_sha256 on app.documents (tenant_id, sha256);
-- A search looks for documents with the same bytes; most tenants have few.
create index documents_duplicate on app.documents (tenant_id) where duplicate_of is not null;
create index documents_external_id on app.documents (tenant_id, external_id) where external_id is not null;
create index documents_purge on app.documents (purge_at) where purge_at is not null;
create index documents_collection on app.documents (tenant_id, collection_id, id desc) where collection_id is not null;
create index documents_awaiting on app.documents (tenant_id, id) where status = 'awaiting_upload';
call app.protect('app.documents', system => 'select', platform => 'select', search => 'select');
-- The caller's policies apply. It is a function because each statement about documents would plan the policies of collections too.
create function app.visible_collections() returns setof uuid language plpgsql stable parallel safe as $$
begin
  return query select c.id from app.collections c where c.tenant_id = app.tenant();
end $$;
grant execute on function app.visible_collections() to resolve_app, resolve_search;
-- PostgreSQL reads the collections that the caller sees once for each statement, and only when a document has a collection.
create policy readers on app.documents as restrictive to resolve_app, resolve_search using (
  collection_id is null or collection_id in (select app.visible_collections()));
create policy key_collections on app.documents as restrictive to resolve_app, resolve_search using (
  (select app.key_collections()) is null or collection_id = any ((select app.key_collections())::uuid[]));

-- An externalId is unique in its tenant across all months; a unique key of app.documents would have to contain the id (F-12).
create table app.document_external_ids (
  tenant_id uuid not null,
  external_id text not null,
  document_id uuid not null,
  constraint document_external_ids_key primary key (tenant_id, external_id),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
);
create index document_external_ids_document on app.document_external_ids (tenant_id, document_id);
call app.protect('app.document_external_ids');

-- Partitioned by the month of the document, since a key that other tables reference must contain the partition key.
create table app.document_versions (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  id uuid not null,
  object_key text not null,
  size_bytes bigint not null,
  sha256 bytea,
  -- The address from which fetch-url reads the bytes. Null when they were uploaded or sent with the request.
  source_url text,
  upload_expires_at timestamptz,
  stored_at timestamptz,
  -- The part of app.storage.bytes that this version uses.
  charged_bytes bigint not null default 0,
  -- `waiting` for the tenant's turn, `sent` to the queue, null before and after: for processing, and for fetching `source_url`.
  dispatch text check (dispatch in ('waiting', 'sent')),
  fetching text check (fetching in ('waiting', 'sent')),
  -- The fencing token: every claim increments it, and every write of a worker compares it.
  lease_token bigint not null default 0,
  lease_until timestamptz,
  attempts int not null default 0,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  -- A document that is too large for a function is processed by the task of the jobs.
  worker text not null default 'function' check (worker in ('function', 'task')),
  -- When the sweep last asked the object store about this upload, because the event "Object Created" may have been lost.
  upload_checked_at timestamptz,
  -- The version of the readers that read it last. Null before that.
  reader_version int,
  -- Where the text of its pages comes from, as runs of equal pages.
  pages jsonb,
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
) partition by range (document_id);
create index document_versions_lease on app.document_versions (lease_until) where lease_until is not null;
create index document_versions_waiting on app.document_versions (tenant_id, id) where dispatch = 'waiting';
create index document_versions_sent on app.document_versions (tenant_id) where dispatch = 'sent';
create index document_versions_fetch_waiting on app.document_versions (tenant_id, id) where fetching = 'waiting';
create index document_versions_fetch_sent on app.document_versions (tenant_id) where fetching = 'sent';
-- Reserved uploads whose bytes have not arrived. One that expired has no charged bytes.
create index document_versions_reserved on app.document_versions (upload_expires_at) where stored_at is null and charged_bytes > 0;
call app.protect('app.document_versions', system => 'select');

-- Bytes of all versions that are stored or reserved. Every reservation locks the row.
create table app.storage (
  tenant_id uuid primary key references app.tenants,
  bytes bigint not null default 0 check (bytes >= 0)
) with (fillfactor = 50);
call app.protect('app.storage');

-- The exact text that chunk offsets refer to, in UTF-16 units, in parts that one short transaction can write.
create table app.document_texts (
  tenant_id uuid not null,
  document_id uuid not null,
  -- Negative after an odd number of reindexes (documents.index_sign), as in app.chunks.
  version int not null,
  part int not null,
  text text not null,
  primary key (tenant_id, document_id, version, part),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
);
call app.protect('app.document_texts');

-- Versions with rows that search must not find: they are not completely written, or a newer version has replaced them and they are
-- not completely removed. A tenant has few such rows, so that a search reads this table instead of comparing each chunk with its document.
create table app.hidden_versions (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  -- Was the version live? Its text stays.
  is_replaced boolean not null,
  -- When a reindex last wrote rows of it. Null: only a worker with the version's lease writes it.
  remade_at timestamptz,
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
);
call app.protect('app.hidden_versions', system => 'select', search => 'select');
create type app.version_key as (document_id uuid, version int);
-- A chunk that a search has found, before its text is read (app.hits).
create type app.candidate as (document_id uuid, version int, ordinal int, keyword_score double precision, vector_score double precision,
  keyword_rank bigint, vector_rank bigint, score double precision);

-- What OCR has read on single pages of a PDF. A repeated attempt and a reindex pay only for the other pages.
create table app.ocr_pages (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  page int not null,
  paragraphs text[] not null,
  primary key (tenant_id, document_id, version, page),
  foreign key (tenant_id, document_id, version) references app.document_versions (tenant_id, document_id, version) on delete cascade
);
call app.protect('app.ocr_pages');

-- Documents that an object was stored for while no row was there: the transaction that should create the row was rolled back, or
-- it had not committed yet. The sweep looks again at `due_at`, and deletes the objects of those that still have no row.
create table app.loose_objects (
  -- Without a foreign key: the name of an object may contain any id.
  tenant_id uuid not null,
  document_id uuid not null,
  due_at timestamptz not null,
  primary key (tenant_id, document_id)
);
create index loose_objects_due on app.loose_objects (due_at);
call app.protect('app.loose_objects', 'select, insert, delete', system => 'select');

-- 64 hash partitions: each GIN index holds few tenants, and a new tenant needs no DDL.
-- No foreign key to document_versions: its look-up took 0.04 of 0.17 ms for each chunk (measured), and the transaction that
-- writes chunks has locked the version. The transaction that removes a document removes its chunks.
create table app.chunks (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  id uuid not null,
  text text not null,
  tsv tsvector not null,
  -- BM25 weights of the chunk's terms.
  terms sparsevec(536870912) not null,
  page int,
  -- Caption of the chunk's table, or sheet and title of its rows. The sheet, and its cells as A2:F21.
  context text,
  sheet text,
  cells text,
  headings text[] not null default '{}',
  -- The spans of text that are no running text, as h0-12 t14-210, null for none (documents/index/marks.ts).
  marks text,
  char_start int not null,
  char_end int not null,
  tokens int not null,
  content_hash bytea not null,
  -- What the weights were computed with: the text search configuration, the number of lexemes in the chunk, and the average
  -- number of the tenant's chunks at that time.
  language text not null default 'english',
  lexemes int,
  average real,
  primary key (tenant_id, document_id, version, ordinal),
  constraint chunks_id unique (tenant_id, id)
) partition by hash (tenant_id);
alter table app.chunks alter terms set storage plain;
call app.protect('app.chunks', search => 'select');

-- lz4 compresses a long text twice as fast as pglz (19 against 45 ms for 2 MB, measured); some servers are built without it.
do $$
begin
  if 'lz4' = any((select enumvals from pg_settings where name = 'default_toast_compression')::text[]) then
    alter table app.document_texts alter text set compression lz4;
    alter table app.chunks alter text set compression lz4, alter tsv set compression lz4;
  end if;
end $$;

do $$
begin
  for remainder in 0..63 loop
    execute format('create table app.chunks_%s partition of app.chunks for values with (modulus 64, remainder %s)', to_char(remainder, 'FM00'), remainder);
    call app.isolate(format('app.chunks_%s', to_char(remainder, 'FM00'))::regclass);
  end loop;
end $$;

-- With a pending list PostgreSQL inserts the words of many chunks into the tree together: 187 ms instead of 970 for 3,310
-- chunks (measured on PostgreSQL 15). A search reads the list, which has at most 256 kB and which the sweep empties (app.merge_terms).
create index chunks_tsv on app.chunks using gin (tenant_id, tsv) with (fastupdate = on, gin_pending_list_limit = 256);

-- One partition for each tenant (app.create_tenant_partition).
-- No foreign key to chunks: ATTACH and DROP of a partition would lock the chunks of every tenant (measured). The transaction
-- that removes chunks removes their embeddings.
create table app.embeddings (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  model text not null,
  embedding halfvec(512) not null,
  primary key (tenant_id, model, document_id, version, ordinal)
) partition by list (tenant_id);
-- An exact scan of vectors of 1 KB is 1.7 times faster without TOAST (measured).
alter table app.embeddings alter embedding set storage plain;
call app.protect('app.embeddings');

create table app.embedders (
  tenant_id uuid primary key references app.tenants,
  -- The model that search uses, and the one that a job prepares.
  serving text not null,
  next text check (next <> serving),
  -- The HNSW index that search may use, and the model whose vectors it contains.
  index_name text,
  indexed text,
  -- Recall@10 of the index against exact answers at the last check.
  recall real check (recall between 0 and 1),
  recall_checked_at timestamptz
);
call app.protect('app.embedders', 'select, insert, update');

-- The text search configurations of a tenant's documents. A query is parsed with each of them.
create table app.corpora (
  tenant_id uuid not null references app.tenants,
  language text not null,
  -- Average number of lexemes in a chunk, for the weights. Null until it is measured.
  average real check (average > 0),
  -- Number of chunks at the last measurement, of large corpora only: app.term_frequencies has their frequent words.
  chunks int,
  -- Size of the tenant's vectors at the last measurement.
  measured_bytes bigint,
  primary key (tenant_id, language)
);
call app.protect('app.corpora', 'select, insert, update', search => 'select');

-- Words that many chunks of a large corpus contain: to count them for each query would read half of the tenant's chunks.
create table app.term_frequencies (
  tenant_id uuid not null references app.tenants,
  language text not null,
  lexeme text not null,
  chunks int not null,
  primary key (tenant_id, language, lexeme)
);
call app.protect('app.term_frequencies', 'select, insert, delete', search => 'select');

-- Jobs ---------------------------------------------------------------------------------------------
create table app.jobs (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  type text not null check (type in ('reembed', 'reindex', 'reweigh', 'index', 'check', 'prune', 'purge', 'recover')),
  -- What the job is about, when a tenant may have several of its type, such as the webhook.
  subject text not null default '',
  status text not null default 'queued' check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  params jsonb not null default '{}',
  -- Where the next step begins. The transaction of a step writes it.
  checkpoint jsonb not null default '{}',
  done bigint not null default 0,
  total bigint,
  -- When the present worker claimed the job, and `done` at that time: its rate is (done - claimed_done) since claimed_at.
  claimed_at timestamptz,
  claimed_done bigint not null default 0,
  result jsonb,
  failure jsonb,
  owner text not null default '',
  lease_token bigint not null default 0,
  lease_until timestamptz,
  -- Claims since the last completed step.
  attempts int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
create unique index jobs_one_of_a_type on app.jobs (tenant_id, type, subject) where status in ('queued', 'running', 'paused');
create index jobs_unfinished on app.jobs (updated_at) where status in ('queued', 'running');
call app.protect('app.jobs', system => 'select', platform => 'select');

-- Versions for the cache -----------------------------------------------------------------------------
-- What a cached value depends on has a version, which changes in the transaction that changes it. So a reader of the version never gets
-- an older value, whatever happens to Redis. Random, because a number would come again after a restore from a backup.
create table app.versions (
  tenant_id uuid not null references app.tenants,
  namespace text not null,
  version uuid not null,
  primary key (tenant_id, namespace)
) with (fillfactor = 50);
call app.protect('app.versions', 'select');

-- Once for each transaction and namespace. The caller's transaction then holds the tenant's row.
create function app.change_version(tenant uuid, of_namespace text) returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  changed text := coalesce(current_setting('app.changed_versions', true), '');
  this text := ' ' || tenant || of_namespace;
begin
  if position(this in changed) > 0 then return; end if;
  insert into app.versions values (tenant, of_namespace, gen_random_uuid())
    on conflict (tenant_id, namespace) do update set version = excluded.version;
  perform set_config('app.changed_versions', changed || this, true);
end $$;

create function app.changes_version() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform app.change_version(case tg_op when 'DELETE' then old.tenant_id else new.tenant_id end, tg_argv[0]);
  return null;
end $$;

-- What a search returns depends on these rows. The triggers are deferred to the commit, so that no work waits for another's row.
-- A document that is in no search, neither before nor after, changes nothing: so a version is read, split and embedded without one.
create constraint trigger search_update after update on app.documents deferrable initially deferred for each row
  when (old.live_version is not null or new.live_version is not null) execute function app.changes_version('search');
create constraint trigger search_insert after insert on app.documents deferrable initially deferred for each row
  when (new.live_version is not null) execute function app.changes_version('search');
create constraint trigger search_delete after delete on app.documents deferrable initially deferred for each row
  when (old.live_version is not null) execute function app.changes_version('search');
create constraint trigger search after insert or update or delete on app.hidden_versions deferrable initially deferred for each row
  execute function app.changes_version('search');
create constraint trigger search after insert or update or delete on app.collections deferrable initially deferred for each row
  execute function app.changes_version('search');
create constraint trigger search after insert or delete on app.group_members deferrable initially deferred for each row
  execute function app.changes_version('search');
create constraint trigger search after insert or update on app.embedders deferrable initially deferred for each row
  execute function app.changes_version('search');
-- A measurement, also of the frequent words, changes scores. The weights of chunks have no trigger: a job computes them (weighStale).
create constraint trigger search after update on app.corpora deferrable initially deferred for each row
  when (old is distinct from new) execute function app.changes_version('search');

-- An answer reads how much support it needs together with its search.
create function app.tenant_changes_version() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform app.change_version(new.id, 'search');
  return null;
end $$;
create constraint trigger search after update on app.tenants deferrable initially deferred for each row
  when (old.answering is distinct from new.answering) execute function app.tenant_changes_version();

-- Records of what happened -------------------------------------------------------------------------
-- app.record writes heads, events, audit_log and outbox. The app role reads the first three.
-- Counters without gaps: app.record locks the row last, and the commit releases it.
create table app.heads (
  tenant_id uuid primary key references app.tenants,
  event_sequence bigint not null default 0,
  audit_sequence bigint not null default 0,
  audit_hash bytea not null default '\x'
) with (fillfactor = 50);
call app.protect('app.heads', 'select', system => 'select');

create table app.events (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  sequence bigint not null,
  type text not null,
  version int not null,
  actor text not null,
  subject_type text not null,
  subject_id text not null,
  data jsonb not null,
  traceparent text,
  tracestate text,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
) partition by range (id);
create index events_sequence on app.events (tenant_id, sequence);
create index events_type on app.events (tenant_id, type, sequence);
call app.protect('app.events', 'select', platform => 'select');

-- Up to which sequence a consumer of the tenant has handled the log.
create table app.event_cursors (
  tenant_id uuid not null references app.tenants,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  sequence bigint not null check (sequence >= 0),
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null default app.now(),
  primary key (tenant_id, name)
);
call app.protect('app.event_cursors');

create table app.audit_log (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  sequence bigint not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  request text not null,
  previous_hash bytea not null,
  hash bytea not null,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
) partition by range (id);
create index audit_log_actor on app.audit_log (tenant_id, actor, id);
create index audit_log_action on app.audit_log (tenant_id, action, id);
create index audit_log_subject on app.audit_log (tenant_id, subject, id);
call app.protect('app.audit_log', 'select', platform => 'select');

-- The relay reads the messages of all tenants, so the primary key does not begin with the tenant.
create table app.outbox (
  id uuid primary key,
  tenant_id uuid not null references app.tenants,
  -- A queue of the topology, or `events` for the bus.
  topic text not null,
  group_key text,
  delay_seconds int not null default 0 check (delay_seconds between 0 and 900),
  body jsonb not null,
  attempts int not null default 0,
  -- How often the queue or the bus refused this row itself, and why.
  refusals int not null default 0,
  error text,
  due_at timestamptz not null default app.now(),
  -- Set when the row was refused too often: only an operator sends it again.
  parked_at timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
-- By tenant, because the relay takes the tenants in turn.
create index outbox_due on app.outbox (tenant_id, due_at, id) where parked_at is null;
create index outbox_parked on app.outbox (id) where parked_at is not null;
call app.protect('app.outbox', app => null, system => 'select, update, delete', platform => 'select');

-- Rows of other tables that a stage of the sweep could not handle. The stage leaves them out until `due_at`; parked ones until
-- an operator releases them.
create table app.sweep_errors (
  tenant_id uuid not null references app.tenants,
  stage text not null,
  id uuid not null,
  attempts int not null default 1,
  error text not null,
  due_at timestamptz not null,
  parked_at timestamptz,
  primary key (tenant_id, stage, id)
);
create index sweep_errors_parked on app.sweep_errors (id) where parked_at is not null;
call app.protect('app.sweep_errors', app => null, system => 'select, insert, update, delete', platform => 'select');

create table app.idempotency_keys (
  tenant_id uuid not null references app.tenants,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  -- The attempt that has the key; one that lost it cannot commit.
  claim_id uuid not null,
  locked_until timestamptz,
  -- When the request's first transaction committed, and the first entry of its audit log.
  committed_at timestamptz,
  action text,
  subject text,
  status int,
  -- The stored response, encrypted with the tenant's data key.
  response bytea,
  expires_at timestamptz not null,
  -- Only the caller who got a response gets it again: two callers of one tenant may have different permissions.
  actor text not null,
  primary key (tenant_id, actor, route, key)
);
create index idempotency_keys_expiry on app.idempotency_keys (expires_at);
call app.protect('app.idempotency_keys', system => 'select, delete');

-- Webhooks -----------------------------------------------------------------------------------------
create table app.webhooks (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  -- The address, or the ARN of an event bus with the role that may put events on it.
  url text not null,
  role_arn text,
  -- Null: every event type.
  event_types text[],
  -- Headers that the tenant adds to each request, as JSON, encrypted with the tenant's data key: they may be credentials.
  headers bytea not null,
  -- An event pattern of EventBridge that an event must match too. Null: every event of the types.
  filter jsonb,
  -- One attempt at a time, in the order of the log.
  ordered boolean not null default false,
  -- Limits that the tenant sets: attempts per second (null: none), and attempts under way.
  max_per_second int check (max_per_second between 1 and 1000),
  max_concurrency int not null default 10 check (max_concurrency between 1 and 10),
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_reason text,
  -- Failed attempts since the last success, when the first of them was, and the percentage of the time until the endpoint is
  -- disabled that has been announced.
  failures int not null default 0,
  failing_since timestamptz,
  failing_percent int not null default 0,
  -- No attempt begins before this moment; after each opening without a success the next one is longer.
  circuit_open_until timestamptz,
  circuit_openings int not null default 0,
  -- When the next attempt may begin, with max_per_second.
  next_slot_at timestamptz,
  -- The signing secret, encrypted with the tenant's data key.
  secret bytea not null,
  -- The secret before the last rotation, which signs too until this moment.
  previous_secret bytea,
  previous_secret_until timestamptz,
  -- Whose permissions it has, as app.actor names it: the caller who created it or enabled it last.
  owner text not null default '',
  -- Every event up to this sequence has its delivery to this endpoint.
  checked_sequence bigint not null default 0,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
-- A role belongs to one endpoint, whoever names it first (webhooks/webhook.ts).
create unique index webhooks_role on app.webhooks (role_arn);
call app.protect('app.webhooks', system => 'select');

-- id = app.uuid_from(event, webhook): the primary key alone permits one delivery for each event and endpoint.
create table app.webhook_deliveries (
  tenant_id uuid not null,
  id uuid not null,
  event_id uuid not null,
  webhook_id uuid not null,
  event_type text not null,
  -- Of the event.
  sequence bigint not null,
  -- `held`: the endpoint is disabled; the delivery becomes pending when it is enabled.
  status text not null default 'pending' check (status in ('pending', 'held', 'delivered', 'failed')),
  attempts int not null default 0,
  -- Attempts before the delivery was last begun again: the schedule counts those after.
  attempts_before int not null default 0,
  -- Sent again by a recovery, or begun by one: new events go first.
  is_recovery boolean not null default false,
  -- Of the last attempt.
  status_code int,
  cause text,
  duration_ms int,
  -- When the next attempt is due; null for deliveries without one.
  next_attempt_at timestamptz,
  -- An attempt is in the queue or at work until a result arrives; after this moment it is considered lost.
  in_flight_until timestamptz,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id),
  foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade
) partition by range (id);
create index webhook_deliveries_due on app.webhook_deliveries (tenant_id, webhook_id, is_recovery, next_attempt_at, id)
  where status = 'pending' and in_flight_until is null;
create index webhook_deliveries_open on app.webhook_deliveries (tenant_id, webhook_id, status, sequence) where status in ('pending', 'held');
create index webhook_deliveries_in_flight on app.webhook_deliveries (tenant_id, webhook_id) where in_flight_until is not null;
create index webhook_deliveries_webhook on app.webhook_deliveries (tenant_id, webhook_id, id desc);
call app.protect('app.webhook_deliveries', system => 'select');

create table app.webhook_attempts (
  tenant_id uuid not null references app.tenants,
  -- app.uuid_from(delivery, number): an attempt that is reported twice is stored once.
  id uuid not null,
  delivery_id uuid not null,
  webhook_id uuid not null,
  number int not null,
  status_code int,
  -- Why it failed (webhooks/cause.ts).
  cause text,
  duration_ms int not null,
  -- The first kilobyte.
  response text,
  attempted_at timestamptz not null,
  primary key (tenant_id, id)
) partition by range (id);
create index webhook_attempts_webhook on app.webhook_attempts (tenant_id, webhook_id, attempted_at desc);
call app.protect('app.webhook_attempts', 'select, insert, delete', system => 'select');

-- Onboarding ---------------------------------------------------------------------------------------
create table app.onboarding_runs (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  status text not null check (status in ('running', 'waiting', 'completed', 'failed', 'cancelled')),
  -- The parts of the request that later steps need. Null when the run is completed, and when a failed run can no longer be retried.
  request jsonb,
  -- When a sweep last looked at the run. A sweep begins with the run that it has not looked at for the longest time.
  checked_at timestamptz not null default app.now(),
  finished_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);
create index onboarding_runs_open on app.onboarding_runs (checked_at) where status in ('running', 'waiting');
create index onboarding_runs_kept on app.onboarding_runs (finished_at)
  where status in ('failed', 'cancelled') and request is not null;
call app.protect('app.onboarding_runs', system => 'select, update', platform => 'select');

create table app.onboarding_steps (
  tenant_id uuid not null,
  run_id uuid not null,
  position int not null,
  name text not null,
  kind text not null check (kind in ('automatic', 'customer', 'check')),
  status text not null default 'pending' check (status in ('pending', 'running', 'waiting', 'completed', 'failed', 'skipped')),
  attempts int not null default 0,
  started_at timestamptz,
  -- When the present attempt began: a step that has been running for too long since then has lost its worker.
  claimed_at timestamptz,
  finished_at timestamptz,
  error jsonb,
  result jsonb,
  primary key (tenant_id, run_id, name),
  foreign key (tenant_id, run_id) references app.onboarding_runs (tenant_id, id) on delete cascade
);
call app.protect('app.onboarding_steps', platform => 'select');
