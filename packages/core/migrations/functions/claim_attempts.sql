-- Takes the webhook attempts of the tenant that are due, the endpoints in turn, up to the limits of `packages/core/src/webhooks/dispatch.ts`;
-- of an endpoint, new events first. `tested`: a delivery that is taken although its endpoint is paused: of a test event, whatever the limits
-- are, or one that is retried by hand. `waits`: the tenant is suspended. Two thirds of `tenant_max` are for attempts of this second:
-- those that wait longer, for their time or for a response, leave them free. It is a function because a session keeps its plan: the
-- deliveries have a partition for each month, so making the plan takes as long as running it.
create or replace function app.claim_attempts(
  tenant uuid, tested uuid, waits boolean, ahead interval, tenant_max int, recoveries_max int, circuit_failures int, lost_after interval)
returns table (id uuid, webhook_id uuid, event_id uuid, attempts int, delay_seconds int)
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
  recent_max int := tenant_max * 2 / 3;
  begun_now timestamptz := app.now() + lost_after;
begin
  return query
  with busy as (
    select b.webhook_id, count(*)::int as attempts, count(*) filter (where b.is_recovery)::int as recoveries,
      count(*) filter (where b.in_flight_until between begun_now - interval '1 second' and begun_now + interval '1 second')::int as recent
    from app.webhook_deliveries b where b.tenant_id = tenant and b.in_flight_until is not null group by b.webhook_id
  ), wanted as (
    select d.id, d.turn, d.next_attempt_at, coalesce(b.attempts, 0) as own, (select coalesce(sum(busy.attempts), 0) from busy) as taken,
      coalesce(b.recent, 0) as own_recent, (select coalesce(sum(busy.recent), 0) from busy) as all_recent
    from app.webhooks w left join busy b on b.webhook_id = w.id cross join lateral (
      select greatest(0, case when w.circuit_open_until > app.now() then 0 when w.failures >= circuit_failures or w.ordered then 1
        else w.max_concurrency end - coalesce(b.attempts, 0)) as places) p
    cross join lateral (
      select first.id, first.next_attempt_at, row_number() over (order by first.is_recovery, first.next_attempt_at, first.id) as turn from (
        (select n.id, n.next_attempt_at, n.is_recovery from app.webhook_deliveries n
          where not w.ordered and n.tenant_id = tenant and n.webhook_id = w.id and n.status = 'pending' and n.in_flight_until is null
            and n.next_attempt_at <= app.now() + ahead and not n.is_recovery
          order by n.next_attempt_at, n.id limit p.places)
        union all (select r.id, r.next_attempt_at, r.is_recovery from app.webhook_deliveries r
          where not w.ordered and r.tenant_id = tenant and r.webhook_id = w.id and r.status = 'pending' and r.in_flight_until is null
            and r.next_attempt_at <= app.now() + ahead and r.is_recovery
          order by r.next_attempt_at, r.id limit least(p.places, greatest(0, recoveries_max - coalesce(b.recoveries, 0))))
        union all (select o.id, o.next_attempt_at, o.is_recovery from (
            select * from app.webhook_deliveries l where l.tenant_id = tenant and l.webhook_id = w.id and l.status = 'pending' and w.ordered
            order by l.sequence limit 1) o
          where o.in_flight_until is null and o.next_attempt_at <= app.now() + ahead limit p.places)) first
      order by turn limit p.places) d
    where w.tenant_id = tenant and w.status = 'enabled' and not waits
  ), due as (
    -- Of the places that the other endpoints leave, also those before it in this claim, an endpoint takes half at most.
    select fair.id from (
      select *, row_number() over (order by turn, next_attempt_at) as place from wanted
      where own + turn <= ceil((tenant_max - (taken - own)) / 2.0) and own_recent + turn <= ceil((recent_max - (all_recent - own_recent)) / 2.0)) fair
    where taken + place <= tenant_max and all_recent + place <= recent_max
      and own + turn <= ceil((tenant_max - (taken - own) - (place - turn)) / 2.0)
      and own_recent + turn <= ceil((recent_max - (all_recent - own_recent) - (place - turn)) / 2.0)
  ), test as (
    select d.id from app.webhook_deliveries d join app.webhooks w on w.tenant_id = d.tenant_id and w.id = d.webhook_id
      left join busy b on b.webhook_id = w.id
    where d.tenant_id = tenant and d.id = tested and w.status = 'enabled' and not waits and (d.event_type = 'webhook.test'
      or not w.ordered and coalesce(b.attempts, 0) < case when w.failures >= circuit_failures then 1 else w.max_concurrency end
        and (select coalesce(sum(busy.attempts), 0) from busy) < tenant_max)
  ), free as (
    select d.id from app.webhook_deliveries d where d.tenant_id = tenant
      and d.id in (select due.id from due union select test.id from test) and d.status = 'pending' and d.in_flight_until is null
    for update of d skip locked
  )
  update app.webhook_deliveries d set updated_at = app.now(), in_flight_until = greatest(d.next_attempt_at, app.now()) + lost_after
  from free where d.tenant_id = tenant and d.id = free.id
  returning d.id, d.webhook_id, d.event_id, d.attempts::int, greatest(0, ceil(extract(epoch from d.next_attempt_at - app.now())))::int;
end $$;
grant execute on function app.claim_attempts(uuid, uuid, boolean, interval, int, int, int, interval) to resolve_app;
