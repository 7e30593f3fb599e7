import { defaultReading, type Reading } from "@resolve/extraction/extraction";
import { bigint, boolean, date, integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { app, bytea, createdAt, id, moment } from "../platform/database/columns.ts";

export const tenantTable = app.table("tenants", {
  id: id("tenant", "id").primaryKey(),
  slug: text("slug").notNull(),
  externalId: text("external_id"),
  name: text("name").notNull(),
  plan: text("plan").notNull().default("team"),
  region: text("region").notNull().default("us-east-1"),
  status: text("status").notNull().default("onboarding"),
  requestHash: bytea("request_hash"),
  dataKey: bytea("data_key").notNull(),
  isPlatform: boolean("is_platform").notNull().default(false),
  reading: jsonb("reading").$type<Reading>().notNull().default(defaultReading),
  answering: jsonb("answering").$type<{ supportMin: number }>(),
  suspensionReason: text("suspension_reason"),
  suspendedAt: moment("suspended_at"),
  suspendedFrom: text("suspended_from"),
  resumedAt: moment("resumed_at"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const userTable = app.table("users", {
  id: id("user", "id").primaryKey(),
  subject: text("subject"),
  email: text("email").notNull(),
  sessionsValidAfter: moment("sessions_valid_after"),
  createdAt: createdAt(),
});

export const federatedIdentityTable = app.table("federated_identities", {
  tenantId: id("tenant", "tenant_id").notNull(),
  issuer: text("issuer").notNull(),
  subject: text("subject").notNull(),
  userId: id("user", "user_id").notNull(),
  sessionsValidAfter: moment("sessions_valid_after"),
});

export const membershipTable = app.table("memberships", {
  tenantId: id("tenant", "tenant_id").notNull(),
  userId: id("user", "user_id").notNull(),
  role: text("role").notNull(),
  status: text("status").notNull().default("active"),
  name: text("name"),
  joinedAt: moment("joined_at").notNull().defaultNow(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

export const invitationTable = app.table("invitations", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("invitation", "id").notNull(),
  email: text("email").notNull(),
  name: text("name"),
  role: text("role").notNull(),
  status: text("status").notNull().default("pending"),
  round: integer("round").notNull().default(1),
  tokenHash: bytea("token_hash").notNull(),
  expiresAt: moment("expires_at").notNull(),
  sentAt: moment("sent_at"),
  sendDueAt: moment("send_due_at"),
  sendAttempts: integer("send_attempts").notNull().default(0),
  sendFailure: text("send_failure"),
  acceptedAt: moment("accepted_at"),
  acceptedBy: id("user", "accepted_by"),
  createdBy: text("created_by").notNull().default(""),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const apiKeyTable = app.table("api_keys", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("apiKey", "id").notNull(),
  name: text("name").notNull(),
  role: text("role").notNull(),
  scopes: text("scopes").array(),
  hmac: bytea("hmac").notNull(),
  previousHmac: bytea("previous_hmac"),
  previousUntil: moment("previous_until"),
  expiresAt: moment("expires_at"),
  revokedAt: moment("revoked_at"),
  lastUsedOn: date("last_used_on"),
  addresses: text("addresses").array(),
  collections: id("collection", "collections").array(),
  createdBy: text("created_by").notNull().default(""),
  createdAt: createdAt(),
});

export const idempotencyKeyTable = app.table("idempotency_keys", {
  tenantId: id("tenant", "tenant_id").notNull(),
  actor: text("actor").notNull(),
  route: text("route").notNull(),
  key: text("key").notNull(),
  fingerprint: bytea("fingerprint").notNull(),
  claimId: uuid("claim_id").notNull(),
  lockedUntil: moment("locked_until"),
  committedAt: moment("committed_at"),
  action: text("action"),
  subject: text("subject"),
  status: integer("status"),
  response: bytea("response"),
  expiresAt: moment("expires_at").notNull(),
});

export const limitTable = app.table("tenant_limits", {
  tenantId: id("tenant", "tenant_id").notNull(),
  limited: text("limited").notNull(),
  maximum: bigint("maximum", { mode: "number" }).notNull(),
});
