-- Tables. Primary keys begin with tenant_id; foreign keys carry it.
set local role resolve_owner;

create table app.tenants (
  id uuid primary key,
  slug text not null constraint tenants_slug unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  external_id text constraint tenants_external_id unique,
  name text not null check (length(name) between 1 and 200),
  plan text not null default 'team' check (plan in ('free', 'team', 'enterprise')),
  region text not null default 'us-east-1',
  status text not null default 'onboarding' check (status in ('onboarding', 'active', 'suspended', 'offboarding', 'deleted')),
  -- SHA-256 of the request that made it: the same externalId with other content is a conflict.
  request_hash bytea,
  -- The tenant's data key, wrapped by the KMS key.
  data_key bytea not null,
  is_platform boolean not null default false,
  version int not null default 1,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored
);
create unique index tenants_one_platform on app.tenants (is_platform) where is_platform;

create table app.users (
  id uuid primary key,
  subject text constraint users_subject unique,
  email text not null constraint users_email unique check (email = lower(email)),
  name text,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored
);

create table app.memberships (
  tenant_id uuid not null references app.tenants,
  user_id uuid not null references app.users,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  status text not null default 'active' check (status in ('invited', 'active', 'removed')),
  version int not null default 1,
  updated_at timestamptz not null default app.now(),
  primary key (tenant_id, user_id)
);
create index memberships_user on app.memberships (user_id);

create table app.invitations (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  user_id uuid not null references app.users,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  token_hash bytea not null constraint invitations_token unique,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);

create table app.api_keys (
  tenant_id uuid not null references app.tenants,
  id uuid not null constraint api_keys_id unique,
  name text not null,
  role text not null check (role in ('admin', 'tenant_admin', 'user', 'readonly')),
  -- Null: everything the role may; else the scopes intersect the role.
  scopes text[],
  hmac bytea not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_by text not null default '',
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);

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
  -- The newest version; live_version is the one that search serves.
  version int not null default 1,
  live_version int,
  pages int,
  chunks int not null default 0,
  metadata jsonb not null default '{}',
  external_id text,
  collection_id uuid,
  -- An older document of the tenant with the same bytes.
  duplicate_of uuid,
  owner text not null default '',
  row_version int not null default 1,
  updated_at timestamptz not null default app.now(),
  ready_at timestamptz,
  purge_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
) partition by range (id);
-- D-15: containment only, hence jsonb_path_ops (F-50).
create index documents_metadata on app.documents using gin (metadata jsonb_path_ops);
create index documents_status on app.documents (tenant_id, status, id desc);
create index documents_sha256 on app.documents (tenant_id, sha256);
create index documents_purge on app.documents (purge_at) where purge_at is not null;

-- Unique across months, which a range-partitioned table cannot say (F-12).
create table app.document_external_ids (
  tenant_id uuid not null,
  external_id text not null,
  document_id uuid not null,
  constraint document_external_ids_key primary key (tenant_id, external_id),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
);
create index document_external_ids_document on app.document_external_ids (tenant_id, document_id);

-- By the document's month: what chunks reference must contain the partition key.
create table app.document_versions (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  id uuid not null,
  object_key text not null,
  size_bytes bigint not null,
  sha256 bytea,
  -- Where fetch-url gets the bytes; null when they are uploaded or came with the call.
  source_url text,
  upload_expires_at timestamptz,
  stored_at timestamptz,
  -- Its part of app.storage.bytes.
  charged_bytes bigint not null default 0,
  -- Waiting for the tenant's turn, or sent to the queue; null before and after.
  dispatch text check (dispatch in ('waiting', 'sent')),
  -- Fencing: each claim raises the token, every write compares it.
  lease_token bigint not null default 0,
  lease_until timestamptz,
  attempts int not null default 0,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id) references app.documents (tenant_id, id) on delete cascade
) partition by range (document_id);
create index document_versions_lease on app.document_versions (lease_until) where lease_until is not null;
create index document_versions_waiting on app.document_versions (tenant_id, id) where dispatch = 'waiting';
create index document_versions_sent on app.document_versions (tenant_id) where dispatch = 'sent';

-- Bytes of all versions that are stored or reserved, locked by every reservation.
create table app.storage (
  tenant_id uuid primary key references app.tenants,
  bytes bigint not null default 0 check (bytes >= 0),
  -- 50 GiB, until plans say otherwise.
  bytes_max bigint not null default 53687091200
) with (fillfactor = 50);

-- The exact text that chunk offsets refer to, in UTF-16 units.
create table app.document_texts (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  text text not null,
  primary key (tenant_id, document_id, version),
  foreign key (tenant_id, document_id, version) references app.document_versions (tenant_id, document_id, version) on delete cascade
);

create table app.chunks (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  id uuid not null,
  text text not null,
  tsv tsvector not null,
  -- Document-side BM25 weights.
  terms sparsevec(536870912) not null,
  page int,
  headings text[] not null default '{}',
  char_start int not null,
  char_end int not null,
  tokens int not null,
  content_hash bytea not null,
  primary key (tenant_id, document_id, version, ordinal),
  constraint chunks_id unique (tenant_id, id),
  foreign key (tenant_id, document_id, version) references app.document_versions (tenant_id, document_id, version) on delete cascade
) partition by hash (tenant_id);
alter table app.chunks alter terms set storage plain;
create index chunks_tsv on app.chunks using gin (tenant_id, tsv) with (fastupdate = off);

-- No foreign key to chunks: ATTACH and DROP would lock every tenant out of them (measured). Rows leave
-- in the transaction that removes their chunks.
create table app.embeddings (
  tenant_id uuid not null,
  document_id uuid not null,
  version int not null,
  ordinal int not null,
  model smallint not null,
  embedding halfvec(512) not null,
  primary key (tenant_id, model, document_id, version, ordinal)
) partition by list (tenant_id);
-- Without TOAST an exact scan of 1 KB vectors is 1.7 times faster (measured).
alter table app.embeddings alter embedding set storage plain;

-- Counters that must be gap-free: locked last, released by commit.
create table app.heads (
  tenant_id uuid primary key references app.tenants,
  event_sequence bigint not null default 0,
  audit_sequence bigint not null default 0,
  audit_hash bytea not null default '\x'
) with (fillfactor = 50);

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
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
) partition by range (id);
create index events_sequence on app.events (tenant_id, sequence);

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
create index audit_log_sequence on app.audit_log (tenant_id, sequence);

create table app.outbox (
  id uuid primary key,
  tenant_id uuid not null references app.tenants,
  -- A queue of the topology, or `events` for the bus.
  topic text not null,
  group_key text,
  delay_seconds int not null default 0 check (delay_seconds between 0 and 900),
  body jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default app.now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
create index outbox_due on app.outbox (due_at, id);

create table app.consumed (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  consumer text not null,
  primary key (tenant_id, id, consumer)
) partition by range (id);

create table app.idempotency_keys (
  tenant_id uuid not null references app.tenants,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  locked_until timestamptz,
  status int,
  -- The stored answer, encrypted with the tenant's data key.
  response bytea,
  expires_at timestamptz not null,
  primary key (tenant_id, route, key)
);
create index idempotency_keys_expiry on app.idempotency_keys (expires_at);

create table app.webhooks (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  url text not null,
  -- Null: every event type.
  event_types text[],
  headers jsonb not null default '{}',
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_reason text,
  -- Signing secret, encrypted with the tenant's data key.
  secret bytea not null,
  version int not null default 1,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);

-- id = app.uuid_from(event, webhook): one delivery per event and endpoint, by the primary key alone.
create table app.webhook_deliveries (
  tenant_id uuid not null,
  id uuid not null,
  event_id uuid not null,
  webhook_id uuid not null,
  event_type text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz,
  updated_at timestamptz not null default app.now(),
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id),
  foreign key (tenant_id, webhook_id) references app.webhooks (tenant_id, id) on delete cascade
) partition by range (id);
create index webhook_deliveries_due on app.webhook_deliveries (next_attempt_at) where next_attempt_at is not null;
create index webhook_deliveries_webhook on app.webhook_deliveries (tenant_id, webhook_id, id desc);

create table app.webhook_attempts (
  tenant_id uuid not null references app.tenants,
  -- app.uuid_from(delivery, number): an attempt reported twice is stored once.
  id uuid not null,
  delivery_id uuid not null,
  number int not null,
  status_code int,
  error text,
  duration_ms int not null,
  response text,
  attempted_at timestamptz not null,
  primary key (tenant_id, id)
) partition by range (id);

create table app.onboarding_runs (
  tenant_id uuid not null references app.tenants,
  id uuid not null,
  status text not null check (status in ('running', 'waiting', 'completed', 'failed', 'cancelled')),
  -- What the caller asked for and the steps still need.
  request jsonb not null,
  finished_at timestamptz,
  created_at timestamptz not null generated always as (app.uuid_time(id)) stored,
  primary key (tenant_id, id)
);

create table app.onboarding_steps (
  tenant_id uuid not null,
  run_id uuid not null,
  position int not null,
  name text not null,
  kind text not null check (kind in ('automatic', 'customer', 'check')),
  status text not null default 'pending' check (status in ('pending', 'running', 'waiting', 'completed', 'failed', 'skipped')),
  attempts int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  error jsonb,
  result jsonb,
  primary key (tenant_id, run_id, name),
  foreign key (tenant_id, run_id) references app.onboarding_runs (tenant_id, id) on delete cascade
);
