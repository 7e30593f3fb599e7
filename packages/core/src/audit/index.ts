export { type AuditEntry, recordAudit } from "../platform/context.ts";
