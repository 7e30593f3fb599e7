import { type SQL, sql } from "drizzle-orm";

/** In SQL: the sequence of the tenant's last event, 0 before the first. */
export const lastSequence = (tenantId: SQL): SQL =>
  sql`coalesce((select h.event_sequence from app.heads h where h.tenant_id = ${tenantId}), 0)`;
