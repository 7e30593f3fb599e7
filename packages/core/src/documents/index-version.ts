import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { newUuid, toUuid } from "../platform/id.ts";
import type { Chunk } from "./chunk.ts";
import { type Embeddings, halfvec, modelsOf } from "./embedding.ts";
import type { Lease } from "./lease.ts";

/** Rows of one bulk insert. */
const rowsPerInsert = 500;
/** Average chunk in lexemes that BM25 weights are made against. */
const averageLexemes = 160;

/** What a version becomes: its exact text, the chunks of it, and their vectors. */
export type Index = { text: string; chunks: readonly Chunk[]; embeddings: Embeddings };

/** The tenant changed its model while the version was embedded: the work is done again. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}

/**
 * Replaces the text, chunks, BM25 terms and embeddings of the document, older versions' included, by this version's.
 * Joins the caller's transaction, which holds the lease. Sets of rows go as one parameter: the statement's text stays
 * short, as RDS Proxy wants it (over 16 KB it pins), and its plan the same.
 *
 * @throws ModelChanged
 */
export async function writeIndex(
  ctx: Ctx,
  { id, version }: Pick<Lease, "id" | "version">,
  index: Index,
): Promise<void> {
  const { serving, next } = await modelsOf(ctx, "share");
  if (!index.embeddings.has(serving)) throw new ModelChanged(`search asks ${serving} now`);
  const tenant = ctx.tenantUuid;
  const document = toUuid(id);
  const older = sql`tenant_id = ${tenant} and document_id = ${document} and version <= ${version}`;
  await ctx.db.execute(sql`delete from app.chunks where ${older}`);
  await ctx.db.execute(sql`delete from app.embeddings where ${older}`);
  await ctx.db.execute(sql`
    insert into app.document_texts (tenant_id, document_id, version, text) values (${tenant}, ${document}, ${version}, ${index.text})
    on conflict (tenant_id, document_id, version) do update set text = excluded.text`);
  for (let start = 0; start < index.chunks.length; start += rowsPerInsert) {
    const rows = index.chunks.slice(start, start + rowsPerInsert).map((chunk) => ({ ...chunk, id: newUuid() }));
    await ctx.db.execute(sql`
      insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, headings, char_start, char_end, tokens, content_hash)
      select ${tenant}, ${document}, ${version}, c.ordinal, c.id, c.text, t.tsv, app.bm25(t.tsv, ${averageLexemes}::float8), c.page,
        c.headings, c."charStart", c."charEnd", c.tokens, sha256(convert_to(c.text, 'UTF8'))
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (ordinal int, id uuid, text text, page int, headings text[],
        "charStart" int, "charEnd" int, tokens int), lateral (select app.tsv(c.text) as tsv offset 0) t`);
    for (const [model, vectors] of index.embeddings) {
      if (model !== serving && model !== next) continue;
      const texts = vectors.slice(start, start + rowsPerInsert).map(halfvec);
      await ctx.db.execute(sql`
        insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
        select ${tenant}, ${document}, ${version}, ${start}::int + n::int - 1, ${model}, v.vector::halfvec(512)
        from string_to_table(${texts.join(";")}, ';') with ordinality as v (vector, n)`);
    }
  }
}
