-- The size of a tenant's vectors. PostgreSQL reads the size of a file at no cost; counting the rows of every tenant would be
-- expensive.
create or replace function app.vector_bytes(tenant uuid) returns bigint language sql stable set search_path = pg_catalog, pg_temp
return pg_relation_size(to_regclass('app.embeddings_' || replace(tenant::text, '-', '')));
grant execute on function app.vector_bytes(uuid) to resolve_app;
