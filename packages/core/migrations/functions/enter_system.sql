-- Begins the work of the relay, of a sweep, or of the maintenance of partitions.
create or replace function app.enter_system(job text) returns void language plpgsql volatile as $$
begin
  if app.tenant() is not null then
    raise exception 'this transaction already works for a tenant' using errcode = '42501';
  end if;
  perform set_config('app.actor', 'system:' || job, true), set_config('role', 'resolve_system', true);
end $$;
grant execute on function app.enter_system(text) to system_a, system_b;
