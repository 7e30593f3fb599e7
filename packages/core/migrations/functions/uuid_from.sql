-- The same base and salt always give the same id, in the month of the base. A primary key is then unique across partitions
-- without a global index.
create or replace function app.uuid_from(base uuid, salt text) returns uuid language sql immutable strict parallel safe
return encode(set_byte(set_byte(overlay(uuid_send(base) placing substring(sha256(convert_to(base::text || salt, 'UTF8')) from 1 for 10) from 7 for 10),
  6, (get_byte(sha256(convert_to(base::text || salt, 'UTF8')), 0) & 15) | 112),
  8, (get_byte(sha256(convert_to(base::text || salt, 'UTF8')), 2) & 63) | 128), 'hex')::uuid;
grant execute on function app.uuid_from(uuid, text) to resolve_app, resolve_system, resolve_platform, resolve_search;
