-- How many months after the current one each partitioned table has. An alarm rings below two.
create or replace function app.partitions_ahead() returns table (parent text, months int)
language sql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select p.relname::text, count(*) filter (where right(c.relname, 7) > to_char(app.now(), 'YYYY_MM'))::int
  from pg_partitioned_table t join pg_class p on p.oid = t.partrelid join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
  where p.relnamespace = 'app'::regnamespace and t.partstrat = 'r' group by p.relname
$$;
grant execute on function app.partitions_ahead() to resolve_system;
