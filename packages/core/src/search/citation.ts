import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { isSearchable } from "./statement.ts";

/**
 * The name of a document that search can find, and one of its chunks; without the chunk's text when a newer version or a
 * reindex has replaced it. Undefined when the caller may not see the document.
 */
export const findCitation = (ctx: Ctx, cited: { documentId: Id<"document">; chunkId: Id<"chunk"> }) =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.execute<{ name: string; page: number | null; text: string | null }>(sql`
      select d.name, c.page, c.text from app.documents d
      left join app.chunks c on c.tenant_id = d.tenant_id and c.document_id = d.id and c.version = d.live_version * d.index_sign
        and c.id = ${cited.chunkId}
      where ${isSearchable(ctx.tenantId)} and d.id = ${cited.documentId}`);
    return row;
  });
