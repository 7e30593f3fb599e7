-- Extensions, roles, ids and the request context. Run by a superuser or an RDS master user (CREATEROLE).
create extension if not exists vector;
create extension if not exists btree_gin;

-- Roles belong to the cluster, not the database: a second database finds them there.
-- Group roles hold grants and policies. Login roles hold timeouts, which act at login only, and come in
-- pairs so that one password can rotate while the other serves.
do $$
declare
  role_name text;
  login record;
begin
  -- Two databases migrating at once would both create the roles.
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
      ('api', 'noinherit', array['resolve_app', 'resolve_platform'], '3s', '1s'),
      ('worker', 'noinherit', array['resolve_app'], '30s', '1s'),
      ('system', 'noinherit', array['resolve_system'], '30s', '1s'),
      ('builder', 'inherit', array['resolve_owner'], '0', '2s')
    ) as l (name, inherits, groups, statement_timeout, lock_timeout)
  loop
    foreach role_name in array array[login.name || '_a', login.name || '_b'] loop
      if not exists (select from pg_roles where rolname = role_name) then
        execute format('create role %I login %s nosuperuser nobypassrls nocreatedb nocreaterole', role_name, login.inherits);
        execute format('grant %s to %I', array_to_string(login.groups, ', '), role_name);
        execute format('alter role %I set statement_timeout = %L', role_name, login.statement_timeout);
        execute format('alter role %I set lock_timeout = %L', role_name, login.lock_timeout);
        execute format('alter role %I set idle_in_transaction_session_timeout = %L', role_name, '30s');
      end if;
    end loop;
  end loop;
  execute format('grant create on database %I to resolve_owner', current_database());
end $$;

set local role resolve_owner;
create schema app;
grant usage on schema app to resolve_app, resolve_system, resolve_platform, resolve_search,
  api_a, api_b, worker_a, worker_b, system_a, system_b, builder_a, builder_b;

-- Time -------------------------------------------------------------------------------------------
-- `app.clock_offset` exists in test databases only; a deployed stage refuses to start with it.
create function app.now() returns timestamptz language sql stable parallel safe
return now() + coalesce(nullif(current_setting('app.clock_offset', true), ''), '0')::interval;

-- Ids: UUIDv7 (RFC 9562), the millisecond of creation in the first 48 bits ------------------------
create function app.uuid_time(id uuid) returns timestamptz language sql immutable strict parallel safe
return to_timestamp((('x' || encode(substring(uuid_send(id) from 1 for 6), 'hex'))::bit(48)::bigint) / 1000.0::double precision);

-- The smallest id of a millisecond: a partition bound, or a cursor.
create function app.uuid_floor(at timestamptz) returns uuid language sql immutable strict parallel safe
return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

create function app.uuid7() returns uuid language sql volatile parallel safe
return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
  substring(int8send((extract(epoch from clock_timestamp() + (app.now() - now())) * 1000)::bigint) from 3 for 6)
  from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;

-- The same (base, salt) always gives the same id, in base's month: a unique rule across partitions
-- without a global index.
create function app.uuid_from(base uuid, salt text) returns uuid language sql immutable strict parallel safe
return encode(set_byte(set_byte(overlay(uuid_send(base) placing substring(sha256(convert_to(base::text || salt, 'UTF8')) from 1 for 10) from 7 for 10),
  6, (get_byte(sha256(convert_to(base::text || salt, 'UTF8')), 0) & 15) | 112),
  8, (get_byte(sha256(convert_to(base::text || salt, 'UTF8')), 2) & 63) | 128), 'hex')::uuid;

-- Request context --------------------------------------------------------------------------------
create function app.tenant() returns uuid language sql stable parallel safe
return nullif(current_setting('app.tenant', true), '')::uuid;

-- SECURITY INVOKER on purpose: `role` cannot be set inside a security definer function.
create function app.enter(tenant uuid, actor text, request text) returns uuid language plpgsql volatile as $$
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
    set_config('app.request', coalesce(request, ''), true), set_config('role', 'resolve_app', true);
  return tenant;
end $$;

-- Operator reads across tenants (role `admin`).
create function app.enter_platform(actor text, request text) returns void language plpgsql volatile as $$
begin
  if app.tenant() is not null then
    raise exception 'this transaction already works for a tenant' using errcode = '42501';
  end if;
  perform set_config('app.actor', coalesce(actor, ''), true), set_config('app.request', coalesce(request, ''), true),
    set_config('role', 'resolve_platform', true);
end $$;

-- Relay, sweepers and the maintainer.
create function app.enter_system(job text) returns void language plpgsql volatile as $$
begin
  if app.tenant() is not null then
    raise exception 'this transaction already works for a tenant' using errcode = '42501';
  end if;
  perform set_config('app.actor', 'system:' || job, true), set_config('role', 'resolve_system', true);
end $$;

revoke execute on all functions in schema app from public;
grant execute on function app.now(), app.tenant(), app.uuid_time(uuid), app.uuid_floor(timestamptz), app.uuid7(), app.uuid_from(uuid, text)
  to resolve_app, resolve_system, resolve_platform, resolve_search;
grant execute on function app.enter(uuid, text, text), app.tenant() to api_a, api_b, worker_a, worker_b;
grant execute on function app.enter_platform(text, text) to api_a, api_b;
grant execute on function app.enter_system(text), app.tenant() to system_a, system_b;
