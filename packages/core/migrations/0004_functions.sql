set local role resolve_owner;

-- Records: audit entries, events and queue messages of one transaction ---------------------------
create function app.audit_hash(previous bytea, tenant uuid, id uuid, sequence bigint, actor text, action text, subject text, detail jsonb, request text)
returns bytea language sql immutable parallel safe
return sha256(previous || convert_to(jsonb_build_array(tenant, id, sequence, actor, action, subject, detail, request)::text, 'UTF8'));

-- Called once, just before commit, so that the tenant's counters are locked for the shortest time.
-- Definer: the app role may append, in order and chained, and nothing else.
-- audit    [{id, action, subject, detail}]
-- events   [{id, type, version, actor, subjectType, subjectId, data, traceparent, envelope}]
-- messages [{id, topic, groupKey, delaySeconds, body}]
create function app.record(audit jsonb, events jsonb, messages jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog as $$
declare
  tenant uuid := app.tenant();
  head app.heads;
  entry record;
  entry_hash bytea;
  first_event bigint;
begin
  if tenant is null then
    raise exception 'app.record needs a tenant' using errcode = '42501';
  end if;
  if jsonb_array_length(audit) + jsonb_array_length(events) > 0 then
    insert into app.heads as h (tenant_id) values (tenant)
      on conflict (tenant_id) do update set tenant_id = excluded.tenant_id returning h.* into head;
    for entry in select * from jsonb_to_recordset(audit) as a (id uuid, action text, subject text, detail jsonb) loop
      head.audit_sequence := head.audit_sequence + 1;
      entry_hash := app.audit_hash(head.audit_hash, tenant, entry.id, head.audit_sequence, current_setting('app.actor', true),
        entry.action, entry.subject, entry.detail, current_setting('app.request', true));
      insert into app.audit_log (tenant_id, id, sequence, actor, action, subject, detail, request, previous_hash, hash)
        values (tenant, entry.id, head.audit_sequence, current_setting('app.actor', true), entry.action, entry.subject, entry.detail,
          current_setting('app.request', true), head.audit_hash, entry_hash);
      head.audit_hash := entry_hash;
    end loop;
    first_event := head.event_sequence + 1;
    with numbered as (
      select e.*, head.event_sequence + row_number() over (order by n) as sequence
      from rows from (jsonb_to_recordset(events) as (id uuid, type text, version int, actor text, "subjectType" text, "subjectId" text,
        data jsonb, traceparent text, envelope jsonb)) with ordinality as e (id, type, version, actor, subject_type, subject_id, data, traceparent, envelope, n)
    ), logged as (
      insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data, traceparent)
      select tenant, id, sequence, type, version, actor, subject_type, subject_id, data, traceparent from numbered
    )
    insert into app.outbox (id, tenant_id, topic, body)
    select id, tenant, 'events', envelope || jsonb_build_object('sequence', sequence) from numbered;
    update app.heads set audit_sequence = head.audit_sequence, audit_hash = head.audit_hash,
      event_sequence = head.event_sequence + jsonb_array_length(events) where tenant_id = tenant;
  end if;
  insert into app.outbox (id, tenant_id, topic, group_key, delay_seconds, body)
  select id, tenant, topic, "groupKey", coalesce("delaySeconds", 0), body
  from jsonb_to_recordset(messages) as m (id uuid, topic text, "groupKey" text, "delaySeconds" int, body jsonb);
  return first_event;
end $$;
grant execute on function app.record(jsonb, jsonb, jsonb) to resolve_app;

-- People live outside tenants; a tenant may add one to itself, and sees its members only.
create function app.ensure_user(new_id uuid, user_email text, user_name text) returns uuid
language sql volatile security definer set search_path = pg_catalog as $$
  insert into app.users as u (id, email, name) values (new_id, lower(user_email), user_name)
  on conflict (email) do update set email = excluded.email returning u.id
$$;
grant execute on function app.ensure_user(uuid, text, text) to resolve_app;

-- Look-ups before the tenant is known: each takes an unguessable or verified value -----------------
create function app.find_api_key(key_id uuid)
returns table (tenant_id uuid, tenant_status text, is_platform boolean, hmac bytea, role text, scopes text[], expires_at timestamptz, revoked_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select k.tenant_id, t.status, t.is_platform, k.hmac, k.role, k.scopes, k.expires_at, k.revoked_at
  from app.api_keys k join app.tenants t on t.id = k.tenant_id where k.id = key_id
$$;

create function app.memberships_of(user_subject text)
returns table (tenant_id uuid, user_id uuid, role text, status text, version int)
language sql stable security definer set search_path = pg_catalog as $$
  select m.tenant_id, m.user_id, m.role, m.status, m.version
  from app.users u join app.memberships m on m.user_id = u.id where u.subject = user_subject
$$;

create function app.find_invitation(hash bytea)
returns table (tenant_id uuid, id uuid, user_id uuid, role text, expires_at timestamptz, accepted_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select i.tenant_id, i.id, i.user_id, i.role, i.expires_at, i.accepted_at from app.invitations i where i.token_hash = hash
$$;
grant execute on function app.find_api_key(uuid), app.memberships_of(text), app.find_invitation(bytea) to api_a, api_b;

-- Partitions -----------------------------------------------------------------------------------------
-- The month before now is made as well: a clock a moment behind must not fail on the first of a month.
create function app.ensure_partitions(months_ahead int default 3) returns int
language plpgsql volatile security definer set search_path = pg_catalog set lock_timeout = '2s' set timezone = 'UTC' as $$
declare
  parent record;
  month timestamp;
  child text;
  lower_bound uuid;
  upper_bound uuid;
  made int := 0;
begin
  for parent in
    select c.oid::regclass as id, c.relname, a.attname as key
    from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
      join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
    where c.relnamespace = 'app'::regnamespace and p.partstrat = 'r'
    order by c.relname
  loop
    for month in
      select generate_series(date_trunc('month', app.now()::timestamp) - interval '1 month',
        date_trunc('month', app.now()::timestamp) + make_interval(months => months_ahead), '1 month')
    loop
      child := parent.relname || to_char(month, '_YYYY_MM');
      continue when to_regclass(format('app.%I', child)) is not null;
      lower_bound := app.uuid_floor(month::timestamptz);
      upper_bound := app.uuid_floor((month + interval '1 month')::timestamptz);
      execute format('create table app.%I (like %s including all)', child, parent.id);
      perform app.protect(format('app.%I', child)::regclass);
      -- The check lets ATTACH skip its scan.
      execute format('alter table app.%I add constraint month check (%I >= %L and %I < %L)', child, parent.key, lower_bound, parent.key, upper_bound);
      execute format('alter table %s attach partition app.%I for values from (%L) to (%L)', parent.id, child, lower_bound, upper_bound);
      made := made + 1;
    end loop;
  end loop;
  return made;
end $$;
grant execute on function app.ensure_partitions(int) to resolve_system;

-- Months that exist from the current one on, for the alarm below two.
create function app.partitions_ahead() returns table (parent text, months int)
language sql stable security definer set search_path = pg_catalog set timezone = 'UTC' as $$
  select p.relname::text, count(*) filter (where right(c.relname, 7) > to_char(app.now(), 'YYYY_MM'))::int
  from pg_partitioned_table t join pg_class p on p.oid = t.partrelid join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
  where p.relnamespace = 'app'::regnamespace and t.partstrat = 'r' group by p.relname
$$;
grant execute on function app.partitions_ahead() to resolve_system;

create function app.create_tenant_partition(tenant uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog set lock_timeout = '2s' as $$
declare
  child text := 'embeddings_' || replace(tenant::text, '-', '');
begin
  if tenant is distinct from app.tenant() then
    raise exception 'a tenant makes its own partition only' using errcode = '42501';
  end if;
  if to_regclass('app.' || child) is null then
    execute format('create table app.%I (like app.embeddings including all)', child);
    perform app.protect(('app.' || child)::regclass);
    execute format('alter table app.%I add constraint tenant check (tenant_id = %L)', child, tenant);
    execute format('alter table app.embeddings attach partition app.%I for values in (%L)', child, tenant);
  end if;
  return child;
end $$;
grant execute on function app.create_tenant_partition(uuid) to resolve_app;

-- Keyword search ----------------------------------------------------------------------------------------
create function app.term_id(lexeme text) returns int language sql immutable strict parallel safe
return ('x' || substr(md5(lexeme), 1, 8))::bit(32)::bit(29)::int + 1;

create function app.tsv(body text) returns tsvector language sql immutable strict parallel safe
return to_tsvector('pg_catalog.english'::regconfig, body);

-- BM25 weights of one chunk (k1 1.2, b 0.75) against an average length in lexemes.
create function app.bm25(tsv tsvector, average_length double precision) returns sparsevec language sql immutable parallel safe
set search_path = pg_catalog, public as $$
  select ('{' || coalesce(string_agg(term || ':' || weight, ',' order by term), '') || '}/536870912')::sparsevec from (
    select app.term_id(lexeme) as term, round(sum(tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * total / average_length)))::numeric, 4) as weight
    from (select lexeme, cardinality(positions)::float8 as tf, sum(cardinality(positions)) over ()::float8 as total from unnest(tsv)) l
    group by 1) t
$$;
grant execute on function app.term_id(text), app.tsv(text), app.bm25(tsvector, double precision) to resolve_app, resolve_search;

-- Below a policy PostgreSQL uses no index for an operator that is not leakproof (`@@`: 36 ms over
-- everybody's rows instead of 0.6, measured). This function runs as resolve_search, whose policies are
-- constant, takes the tenant from the context and never from an argument, and returns keys only.
-- Document frequencies are counted, so they are exact.
create function app.keyword_candidates(question text, matches int)
returns table (document_id uuid, version int, ordinal int, score double precision)
language sql stable security definer set search_path = pg_catalog, public as $$
  with corpus as materialized (
    select coalesce(sum(d.chunks), 0)::float8 as size from app.documents d
    where d.tenant_id = (select app.tenant()) and d.live_version is not null and d.status <> 'deleting'),
  query as materialized (
    select l.lexeme, (select count(*) from app.chunks c where c.tenant_id = (select app.tenant())
      and c.tsv @@ quote_literal(l.lexeme)::tsquery)::float8 as frequency
    from unnest(app.tsv(question)) l),
  weights as materialized (
    select ('{' || string_agg(term || ':' || idf, ',' order by term) || '}/536870912')::sparsevec as vector
    from (select app.term_id(lexeme) as term, max(ln(1 + greatest(size - frequency + 0.5, 0.5) / (frequency + 0.5)))::real as idf
          from query, corpus where frequency > 0 group by 1) t),
  terms as materialized (select string_agg(quote_literal(lexeme), ' | ')::tsquery as any_of from query where frequency > 0)
  select c.document_id, c.version, c.ordinal, -(c.terms <#> (select vector from weights))
  from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id and d.live_version = c.version and d.status <> 'deleting'
  where c.tenant_id = (select app.tenant()) and c.tsv @@ (select any_of from terms)
  order by c.terms <#> (select vector from weights), c.id limit matches
$$;
grant execute on function app.keyword_candidates(text, int) to resolve_app;
-- Functions are open to everybody when made; what each role may call was granted by name above.
revoke execute on all functions in schema app from public;
grant create on schema app to resolve_search;
reset role;
-- By the migrator: were resolve_owner a member of resolve_search, its constant policies would hold for the owner too.
alter function app.keyword_candidates(text, int) owner to resolve_search;
set local role resolve_owner;
revoke create on schema app from resolve_search;

select app.ensure_partitions(3);
