import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { newUuid, toUuid } from "../platform/id.ts";
import type { Chunk } from "./chunk.ts";
import { type Embeddings, halfvec, modelsOf } from "./embedding.ts";
import { pairs, unstemmed } from "./language.ts";
import type { Lease } from "./lease.ts";

/** Rows of one bulk insert. */
const rowsPerInsert = 500;
/** Chunks that say how long those of a tenant are before its own average was measured. */
const sampleChunks = 50;

/** What a version becomes: its exact text and how its words are read, the chunks of it, and their vectors. */
export type Index = { text: string; language: string; chunks: readonly Chunk[]; embeddings: Embeddings };

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
  const average = await averageOf(ctx, index);
  const older = sql`tenant_id = ${tenant} and document_id = ${document} and version <= ${version}`;
  await ctx.db.execute(sql`delete from app.chunks where ${older}`);
  await ctx.db.execute(sql`delete from app.embeddings where ${older}`);
  await ctx.db.execute(sql`
    insert into app.document_texts (tenant_id, document_id, version, text) values (${tenant}, ${document}, ${version}, ${index.text})
    on conflict (tenant_id, document_id, version) do update set text = excluded.text`);
  const models = [...index.embeddings].filter(([model]) => model === serving || model === next);
  for (let start = 0; start < index.chunks.length; start += rowsPerInsert) {
    const end = start + rowsPerInsert;
    const rows = index.chunks.slice(start, end).map((chunk) => ({
      ...chunk,
      id: newUuid(),
      ...(index.language === unstemmed ? { words: pairs(chunk.text) } : {}),
    }));
    const [, ...made] = await Promise.all([
      ctx.db.execute(sql`
        insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, headings, char_start, char_end, tokens, content_hash,
          language, lexemes, average)
        select ${tenant}, ${document}, ${version}, c.ordinal, c.id, c.text, t.tsv, w.terms, c.page,
          c.headings, c."charStart", c."charEnd", c.tokens, sha256(convert_to(c.text, 'UTF8')),
          ${index.language}, w.lexemes, ${average}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (ordinal int, id uuid, text text, page int, headings text[],
          "charStart" int, "charEnd" int, tokens int, words text),
          lateral (select app.tsv(${index.language}, coalesce(c.words, c.text)) as tsv offset 0) t,
          lateral app.weigh(${index.language}, t.tsv, ${average}) w`),
      ...models.map(async ([model, vectors]) => ({ model, vectors: await vectors(start, end) })),
    ]);
    for (const { model, vectors } of made)
      await ctx.db.execute(sql`
        insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
        select ${tenant}, ${document}, ${version}, ${start}::int + n::int - 1, ${model}, v.vector::halfvec(512)
        from string_to_table(${vectors.map(halfvec).join(";")}, ';') with ordinality as v (vector, n)`);
  }
}

/** Lexemes of an average chunk of the tenant in the language; of this version until that is measured. */
const averageOf = async (ctx: Ctx, { language, chunks }: Index): Promise<number> => {
  const [known] = await ctx.db.execute<{ average: number | null }>(
    sql`select average from app.corpora where tenant_id = ${ctx.tenantUuid} and language = ${language}`,
  );
  if (known?.average) return known.average;
  const texts = chunks.slice(0, sampleChunks).map(({ text }) => (language === unstemmed ? pairs(text) : text));
  const [own] = await ctx.db.execute<{ average: number | null }>(sql`
    select avg((app.weigh(${language}, app.tsv(${language}, text), 1)).lexemes)::float8 as average
    from jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb) as text`);
  return Math.max(1, own?.average ?? 1);
};
