-- A new id: UUIDv7 (RFC 9562), the millisecond of creation in the first 48 bits, the rest random.
create or replace function app.uuid7() returns uuid language sql volatile parallel safe
return encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
  substring(int8send((extract(epoch from clock_timestamp() + (app.now() - now())) * 1000)::bigint) from 3 for 6)
  from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;
grant execute on function app.uuid7() to resolve_app, resolve_system, resolve_platform, resolve_search;
