import type { Reading } from "@resolve/extraction/extraction";
import type { Warning } from "@resolve/extraction/warnings";
import { bigint, integer, jsonb, text } from "drizzle-orm/pg-core";
import { app, bytea, createdAt, id, moment } from "../platform/database/columns.ts";
import type { PageRun } from "./page-runs.ts";

export const documentTable = app.table("documents", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("document", "id").notNull(),
  name: text("name").notNull(),
  contentType: text("content_type"),
  sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  sha256: bytea("sha256"),
  status: text("status").notNull(),
  stage: text("stage"),
  stageTimings: jsonb("stage_timings").notNull().default({}),
  failure: jsonb("failure"),
  version: integer("version").notNull().default(1),
  liveVersion: integer("live_version"),
  indexSign: integer("index_sign").notNull().default(1),
  pages: integer("pages"),
  chunks: integer("chunks").notNull().default(0),
  language: text("language"),
  warnings: jsonb("warnings").$type<readonly Warning[]>().notNull().default([]),
  reading: jsonb("reading").$type<Reading>(),
  metadata: jsonb("metadata").notNull().default({}),
  externalId: text("external_id"),
  collectionId: id("collection", "collection_id"),
  duplicateOf: id("document", "duplicate_of"),
  owner: text("owner").notNull().default(""),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  readyAt: moment("ready_at"),
  purgeAt: moment("purge_at"),
  createdAt: createdAt(),
});

export const documentExternalIdTable = app.table("document_external_ids", {
  tenantId: id("tenant", "tenant_id").notNull(),
  externalId: text("external_id").notNull(),
  documentId: id("document", "document_id").notNull(),
});

export const documentVersionTable = app.table("document_versions", {
  tenantId: id("tenant", "tenant_id").notNull(),
  documentId: id("document", "document_id").notNull(),
  version: integer("version").notNull(),
  id: id("version", "id").notNull(),
  objectKey: text("object_key").notNull(),
  sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  sha256: bytea("sha256"),
  sourceUrl: text("source_url"),
  uploadExpiresAt: moment("upload_expires_at"),
  storedAt: moment("stored_at"),
  uploadCheckedAt: moment("upload_checked_at"),
  chargedBytes: bigint("charged_bytes", { mode: "number" }).notNull().default(0),
  dispatch: text("dispatch"),
  fetching: text("fetching"),
  leaseToken: bigint("lease_token", { mode: "number" }).notNull().default(0),
  leaseUntil: moment("lease_until"),
  attempts: integer("attempts").notNull().default(0),
  readerVersion: integer("reader_version"),
  pages: jsonb("pages").$type<readonly PageRun[]>(),
  worker: text("worker").$type<"function" | "task">().notNull().default("function"),
  createdAt: createdAt(),
});

export const documentTextTable = app.table("document_texts", {
  tenantId: id("tenant", "tenant_id").notNull(),
  documentId: id("document", "document_id").notNull(),
  version: integer("version").notNull(),
  part: integer("part").notNull(),
  text: text("text").notNull(),
});

/** What OCR has read on single pages. */
export const ocrPageTable = app.table("ocr_pages", {
  tenantId: id("tenant", "tenant_id").notNull(),
  documentId: id("document", "document_id").notNull(),
  version: integer("version").notNull(),
  page: integer("page").notNull(),
  paragraphs: text("paragraphs").array().notNull(),
});

export const storageTable = app.table("storage", {
  tenantId: id("tenant", "tenant_id").primaryKey(),
  bytes: bigint("bytes", { mode: "number" }).notNull().default(0),
});
