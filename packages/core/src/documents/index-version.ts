import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { newUuid, toUuid } from "../platform/id.ts";
import type { Chunk } from "./chunk.ts";
import type { Lease } from "./lease.ts";

/** Rows of one bulk insert. */
const rowsPerInsert = 500;
/** Average chunk in lexemes that BM25 weights are made against. */
const averageLexemes = 160;

/** What a version becomes: its exact text, the chunks of it, and a vector for each. */
export type Index = { text: string; chunks: readonly Chunk[]; vectors: readonly Float32Array[]; model: number };

/**
 * Replaces the text, chunks, BM25 terms and embeddings of the document, older versions' included, by this version's.
 * Joins the caller's transaction, which holds the lease. Sets of rows go as one parameter: the statement's text stays
 * short, as RDS Proxy wants it (over 16 KB it pins), and its plan the same.
 */
export async function writeIndex(
  ctx: Ctx,
  { id, version }: Pick<Lease, "id" | "version">,
  index: Index,
): Promise<void> {
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
    const vectors = index.vectors.slice(start, start + rowsPerInsert).map(halfvec);
    await ctx.db.execute(sql`
      insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
      select ${tenant}, ${document}, ${version}, ${start}::int + n::int - 1, ${index.model}::smallint, v.vector::halfvec(512)
      from string_to_table(${vectors.join(";")}, ';') with ordinality as v (vector, n)`);
  }
}

/**
 * A vector of length 1 as PostgreSQL reads it. Five decimals err less than the 11 bits of a halfvec do, and as integers
 * with an exponent they take a third of the time of all the digits.
 */
const halfvec = (vector: Float32Array): string => `[${Array.from(vector, (x) => Math.round(x * 1e5)).join("e-5,")}e-5]`;
