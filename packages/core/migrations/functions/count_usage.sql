-- Adds to the usage of the tenant of the transaction: {meter: amount}. The code calls it last, and every transaction locks the rows
-- in the same order, so they are locked for the shortest time and without a deadlock. Meters with a dot have no limit that they are
-- compared with.
create or replace function app.count_usage(amounts jsonb) returns void language plpgsql volatile as $$
begin
  insert into app.usage_hours as u (tenant_id, hour, meter, amount)
    select app.tenant(), date_trunc('hour', app.now(), 'UTC'), key, value::bigint from jsonb_each_text(amounts) order by key
    on conflict (tenant_id, hour, meter, source) do update set amount = u.amount + excluded.amount;
  insert into app.usage_months as u (tenant_id, month, meter, amount, checked_amount)
    select app.tenant(), date_trunc('month', app.now() at time zone 'UTC'), key, value::bigint,
      case when key like '%.%' then value::bigint else 0 end
      from jsonb_each_text(amounts) order by key
    on conflict (tenant_id, month, meter) do update
      set amount = u.amount + excluded.amount, checked_amount = u.checked_amount + excluded.checked_amount;
end $$;
grant execute on function app.count_usage(jsonb) to resolve_app;
