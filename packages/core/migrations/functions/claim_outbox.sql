-- Claims up to `rows_max` outbox rows that are due, for `claim_seconds`. The tenants take turns, each with its oldest rows first, so that
-- one with many rows delays nobody; each tenant costs one look into the index, however many rows it has. Events of a suspended tenant are
-- sent, its messages wait until it is resumed. In PL/pgSQL a session keeps the plan, whose making took longer than the claim.
create or replace function app.claim_outbox(rows_max int, claim_seconds int)
returns table (id uuid, topic text, group_key text, delay_seconds int, body jsonb, attempts int)
language plpgsql volatile rows 20 set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
  return query
  with recursive found as (
    (select r.tenant_id from app.outbox r where r.parked_at is null order by r.tenant_id limit 1)
    union all
    select (select r.tenant_id from app.outbox r where r.parked_at is null and r.tenant_id > found.tenant_id order by r.tenant_id limit 1)
    from found where found.tenant_id is not null
  ), candidates as (
    select d.id from (
      select f.tenant_id, exists (select from app.tenants t where t.id = f.tenant_id and t.status = 'suspended') as is_suspended
      from found f where f.tenant_id is not null) w
    cross join lateral (
      select oldest.id, oldest.due_at, row_number() over (order by oldest.due_at, oldest.id) as turn from (
        select o.id, o.due_at from app.outbox o where o.tenant_id = w.tenant_id and o.parked_at is null and o.due_at <= app.now()
          and (not w.is_suspended or o.topic = 'events')
        order by o.due_at, o.id limit rows_max) oldest) d
    order by d.turn, d.due_at limit rows_max
  ), claimed as (
    select o.id from app.outbox o join candidates using (id) where o.due_at <= app.now() and o.parked_at is null
    for update of o skip locked
  )
  update app.outbox o set due_at = app.now() + make_interval(secs => claim_seconds), attempts = o.attempts + 1
  from claimed where o.id = claimed.id
  returning o.id, o.topic, o.group_key, o.delay_seconds, o.body, o.attempts;
end $$;
grant execute on function app.claim_outbox(int, int) to resolve_system;
