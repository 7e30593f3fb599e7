-- The smallest id of a millisecond: the bound of a partition, or a cursor.
create or replace function app.uuid_floor(at timestamptz) returns uuid language sql immutable strict parallel safe
return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
grant execute on function app.uuid_floor(timestamptz) to resolve_app, resolve_system, resolve_platform, resolve_search;
