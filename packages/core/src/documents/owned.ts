import { and, eq, type SQL } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";

/** The tenant's document of this id. */
export const owned = (ctx: Ctx, id: Id<"document">): SQL =>
  and(eq(table.tenantId, ctx.tenantUuid), eq(table.id, toUuid(id)))!;

/** The same, while this is its newest version. */
export const ownedVersionOf = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(owned(ctx, id), eq(table.version, version))!;

/** The row of one of its versions. */
export const ownedVersion = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(
    eq(versionTable.tenantId, ctx.tenantUuid),
    eq(versionTable.documentId, toUuid(id)),
    eq(versionTable.version, version),
  )!;
