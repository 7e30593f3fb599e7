import { and, eq, type SQL } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";

/** Condition: the tenant's document with this id, while this is its newest version. */
export const ownedVersionOf = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(ownedBy(ctx, table, id), eq(table.version, version))!;

/** Did the request contain the bytes of this version as text? Otherwise the row has the expiry of an upload, or a URL. */
export const isInlineText = ({ sourceUrl, uploadExpiresAt }: typeof versionTable.$inferSelect): boolean =>
  sourceUrl === null && uploadExpiresAt === null;

/** Condition: the row of one version of a document. */
export const ownedVersion = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(ofTenant(ctx, versionTable), eq(versionTable.documentId, id), eq(versionTable.version, version))!;
