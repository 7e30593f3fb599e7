--! breaking
-- A stored response is replayed to the caller who got it and to nobody else: two callers of one tenant may hold different
-- permissions. Rows that are there already have no actor, match no caller and expire within 24 hours.
set local role resolve_owner;
alter table app.idempotency_keys add column actor text not null default '';
alter table app.idempotency_keys alter column actor drop default;
alter table app.idempotency_keys drop constraint idempotency_keys_pkey;
alter table app.idempotency_keys add primary key (tenant_id, actor, route, key);
