-- Writes the audit entries, events and queue messages of a transaction. The code calls it once, just before the commit, so that
-- the tenant's counters are locked for the shortest time.
-- Security definer: the app role may append, in order and chained, and may do nothing else with these tables.
-- The `Idempotency-Key` of the request (`app.claim`) is marked in the same transaction, with the first audit entry, so that a
-- repetition knows that the request has succeeded, also when its response was lost. A request whose key another one has taken
-- over must not commit.
-- audit    [{id, action, subject, detail}]
-- events   [{id, type, version, actor, subjectType, subjectId, data, traceparent, envelope}]
-- messages [{id, topic, groupKey, delaySeconds, body}]
create or replace function app.record(audit jsonb, events jsonb, messages jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant();
  head app.heads;
  entry record;
  entry_hash bytea;
  claim jsonb := nullif(current_setting('app.claim', true), '')::jsonb;
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
    with numbered as (
      select e.*, head.event_sequence + row_number() over (order by n) as sequence
      from rows from (jsonb_to_recordset(events) as (id uuid, type text, version int, actor text, "subjectType" text, "subjectId" text,
        data jsonb, traceparent text, envelope jsonb)) with ordinality as e (id, type, version, actor, subject_type, subject_id, data, traceparent, envelope, n)
    ), logged as (
      insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data, traceparent, tracestate)
      select tenant, id, sequence, type, version, actor, subject_type, subject_id, data, traceparent, envelope ->> 'tracestate' from numbered
    )
    insert into app.outbox (id, tenant_id, topic, body)
    select id, tenant, 'events', envelope || jsonb_build_object('sequence', sequence) from numbered;
    update app.heads set audit_sequence = head.audit_sequence, audit_hash = head.audit_hash,
      event_sequence = head.event_sequence + jsonb_array_length(events) where tenant_id = tenant;
  end if;
  insert into app.outbox (id, tenant_id, topic, group_key, delay_seconds, body)
  select id, tenant, topic, "groupKey", coalesce("delaySeconds", 0), body
  from jsonb_to_recordset(messages) as m (id uuid, topic text, "groupKey" text, "delaySeconds" int, body jsonb);
  if claim is not null then
    update app.idempotency_keys k set committed_at = coalesce(committed_at, app.now()),
      action = coalesce(k.action, audit #>> '{0,action}'), subject = coalesce(k.subject, audit #>> '{0,subject}')
      where tenant_id = (claim ->> 'tenant')::uuid and k.actor = current_setting('app.actor', true) and route = claim ->> 'route'
        and key = claim ->> 'key' and claim_id = (claim ->> 'id')::uuid;
    if not found then
      raise exception 'another request has taken over this Idempotency-Key' using errcode = '40001';
    end if;
  end if;
end $$;
grant execute on function app.record(jsonb, jsonb, jsonb) to resolve_app;
