import { and, eq, type SQL } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";

/** The tenant's document of this id. */
export const owned = (ctx: Ctx, id: Id<"document">): SQL => and(eq(table.tenantId, ctx.tenantId), eq(table.id, id))!;

/** The same, while this is its newest version. */
export const ownedVersionOf = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(owned(ctx, id), eq(table.version, version))!;

/** Did the bytes of this version come as text in the call itself? An upload has an expiry, an address its URL. */
export const isInlineText = ({ sourceUrl, uploadExpiresAt }: typeof versionTable.$inferSelect): boolean =>
  sourceUrl === null && uploadExpiresAt === null;

/** The row of one of its versions. */
export const ownedVersion = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(eq(versionTable.tenantId, ctx.tenantId), eq(versionTable.documentId, id), eq(versionTable.version, version))!;
