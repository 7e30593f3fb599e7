-- Drops the partition of a month whose retention has ended, with an audit entry of the platform. Returns why it keeps one that is still
-- needed, otherwise null. The drop needs the whole table for a moment: it gives up soon, and the next run tries again, so that nobody
-- waits behind it for long.
create or replace function app.retire_month(parent text, month date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '500ms' set timezone = 'UTC' as $$
declare
  child text := parent || to_char(month, '_YYYY_MM');
  first_id uuid := app.uuid_floor(month::timestamp::timestamptz);
  last_id uuid := app.uuid_floor((month + interval '1 month')::timestamptz);
  platform uuid := (select id from app.tenants where is_platform);
  detail jsonb;
begin
  -- Documents end one by one, with a purge. A month that is not over, or was the one before, still gets rows.
  if parent not in ('events', 'audit_log') or month + interval '2 months' > app.now()::timestamp then
    raise exception 'the rows of app.% may not be retired', child using errcode = '42501';
  end if;
  if to_regclass(format('app.%I', child)) is null then
    return null;
  end if;
  if parent = 'events' then
    if exists (select from app.webhook_deliveries d where d.event_id >= first_id and d.event_id < last_id and d.status in ('pending', 'held')) then
      return 'deliveries of its events wait';
    end if;
    if exists (select from app.webhooks w where exists (select from app.events e
        where e.tenant_id = w.tenant_id and e.id >= first_id and e.id < last_id and e.sequence > w.checked_sequence)) then
      return 'the fan-out of its events is not checked';
    end if;
    -- A consumer that has not moved for a quarter of a year is gone; another one may be about to catch up.
    if exists (select from app.event_cursors c where c.updated_at > app.now() - interval '90 days' and exists (select from app.events e
        where e.tenant_id = c.tenant_id and e.id >= first_id and e.id < last_id and e.sequence > c.sequence)) then
      return 'a cursor stands before its end';
    end if;
  end if;
  select jsonb_build_object('rows', greatest(c.reltuples, 0)::bigint, 'sizeBytes', pg_total_relation_size(c.oid))
    into detail from pg_class c where c.oid = format('app.%I', child)::regclass;
  perform set_config('app.tenant', platform::text, true), set_config('app.request', child, true);
  perform app.record(jsonb_build_array(jsonb_build_object('id', app.uuid7(), 'action', 'partition.retire', 'subject', child, 'detail', detail)), '[]', '[]');
  perform set_config('app.tenant', '', true);
  -- Last: a transaction that has locked the platform's head could wait for this table.
  execute format('drop table app.%I', child);
  return null;
end $$;
grant execute on function app.retire_month(text, date) to resolve_system;
