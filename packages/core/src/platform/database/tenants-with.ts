import { type SQL, sql } from "drizzle-orm";

/**
 * A subquery `(tenant_id)` with the tenants that have rows in a table. `rows` is the table with alias `r` and its condition, which
 * must be those of an index that begins with `tenant_id`: each tenant then costs one look into the index, however many rows it has.
 */
export const tenantsWith = (table: SQL, condition: SQL): SQL => sql`(
  with recursive found as (
    (select r.tenant_id from ${table} r where ${condition} order by r.tenant_id limit 1)
    union all
    select (select r.tenant_id from ${table} r where ${condition} and r.tenant_id > found.tenant_id order by r.tenant_id limit 1)
    from found where found.tenant_id is not null
  ) select tenant_id from found where tenant_id is not null)`;
