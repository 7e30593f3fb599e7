import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Ctx } from "../../platform/context.ts";
import { type Id, newUuid } from "../../platform/id.ts";
import type { Lease } from "../lease.ts";
import type { Chunk } from "./chunk.ts";
import { type Embeddings, modelsOf, scaled, unscaled } from "./embedding.ts";
import { type Lexicon, lexiconOf, positionsOf, termsOf, tsvectorOf, type Word } from "./lexicon.ts";

/** Rows of one bulk insert. */
const rowsPerInsert = 250;
/** The average length is estimated from this many chunks until `measureCorpus` has measured it. */
const sampleChunks = 50;

/** The index of a version: its exact text, the text search configuration, the chunks, and their vectors. */
export type Index = { text: string; language: string; chunks: readonly Chunk[]; embeddings: Embeddings };

/** The tenant changed its model while the version was embedded. The caller repeats the work. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}

/**
 * Replaces the text, chunks, BM25 terms and embeddings of the document, older versions' included, by this version's.
 * Joins the caller's transaction, which holds the lease. Each set of rows is one parameter, so that the statement's text
 * stays below 16 KB, above which RDS Proxy pins the connection, and its plan stays the same.
 *
 * @throws ModelChanged
 */
export async function writeIndex(
  ctx: Ctx,
  { id, version }: Pick<Lease, "id" | "version">,
  index: Index,
): Promise<void> {
  const { serving, next } = await modelsOf(ctx, "share");
  if (!index.embeddings.has(serving)) throw new ModelChanged(`search uses ${serving} now`);
  const target = { document: id, version, language: index.language };
  const models = [...index.embeddings].filter(([model]) => model === serving || model === next);
  const running = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  /** Lets the work run while the next rows are computed. */
  const start = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    work.catch((error) => failures.push(error)).finally(() => running.delete(work));
    return work;
  };
  const lexicon = lexiconOf(index.language);
  const wordsFrom = async (from: number) => {
    const words = await wordsOfEach(lexicon, index.chunks.slice(from, from + rowsPerInsert));
    return { words, lookup: start(lexicon.lookUp(ctx)) };
  };
  try {
    const replaced = start(replaceText(ctx, target, index.text));
    let ahead = await wordsFrom(0);
    await ahead.lookup;
    const average = await averageOf(ctx, index.language, ahead.words);
    // PostgreSQL always has rows to write: the next batch is computed meanwhile, and at most two inserts are unfinished.
    let [before, last]: Promise<unknown>[] = [replaced, replaced];
    for (let from = 0; from < index.chunks.length; from += rowsPerInsert) {
      const to = from + rowsPerInsert;
      const { words, lookup } = ahead;
      await lookup;
      const rows = await rowsOf(index.chunks.slice(from, to), words, average);
      // The lookup is sent before the insert, or its result would wait for the insert.
      if (to < index.chunks.length) ahead = await wordsFrom(to);
      await before;
      const inserts = [
        start(insertChunks(ctx, { ...target, average }, rows)),
        ...models.map(([model, vectors]) => start(insertVectors(ctx, { ...target, model, from }, vectors(from, to)))),
      ];
      [before, last] = [last, start(Promise.all(inserts))];
    }
    await Promise.all([before, last]);
  } catch (error) {
    // Later failures only report that the transaction has been aborted.
    throw failures[0] ?? error;
  } finally {
    // A statement sent after the transaction would run in the next transaction of this connection.
    await Promise.allSettled(running);
  }
}

type Target = { document: Id<"document">; version: number; language: string };

/** Deletes the chunks and embeddings up to this version, and stores its text. */
const replaceText = (ctx: Ctx, { document, version }: Target, text: string) => {
  const tenant = ctx.tenantId;
  const older = sql`tenant_id = ${tenant} and document_id = ${document} and version <= ${version}`;
  return Promise.all([
    ctx.db.execute(sql`delete from app.chunks where ${older}`),
    ctx.db.execute(sql`delete from app.embeddings where ${older}`),
    ctx.db.execute(sql`
      insert into app.document_texts (tenant_id, document_id, version, text) values (${tenant}, ${document}, ${version}, ${text})
      on conflict (tenant_id, document_id, version) do update set text = excluded.text`),
  ]);
};

const insertChunks = async (
  ctx: Ctx,
  { document, version, language, average }: Target & { average: number },
  { rows, tsvs, terms }: Rows,
) =>
  ctx.db.execute(sql`
    insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, context, sheet, cells, headings, char_start, char_end, tokens, content_hash,
      language, lexemes, average)
    select ${ctx.tenantId}, ${document}, ${version}, c.ordinal, c.id, c.text, c.tsv::tsvector, c.terms::sparsevec, c.page,
      c.context, c.sheet, c.cells, c.headings, c."charStart", c."charEnd", c.tokens, sha256(convert_to(c.text, 'UTF8')), ${language}, c.lexemes, ${average}
    from rows from (
        jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (ordinal int, id uuid, text text, page int, context text,
          sheet text, cells text, headings text[],
          "charStart" int, "charEnd" int, tokens int, lexemes int),
        string_to_table(${tsvs.join(";")}, ';'), string_to_table(${terms.join(";")}, ';'))
      as c (ordinal, id, text, page, context, sheet, cells, headings, "charStart", "charEnd", tokens, lexemes, tsv, terms)`);

const insertVectors = async (
  ctx: Ctx,
  { document, version, model, from }: Target & { model: string; from: number },
  vectors: Promise<readonly Float32Array[]>,
) =>
  ctx.db.execute(sql`
    insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
    select ${ctx.tenantId}, ${document}, ${version}, ${from}::int + n::int - 1, ${model}, ${unscaled(sql`v.vector`)}
    from string_to_table(${(await vectors).map(scaled).join(";")}, ';') with ordinality as v (vector, n)`);

/** Splitting this many chunks takes about 5 ms; then the thread yields, so that the database driver can send statements. */
const chunksAtOnce = 100;

const wordsOfEach = async (lexicon: Lexicon, chunks: readonly Chunk[]): Promise<Word[][]> => {
  const words: Word[][] = [];
  for (const { text, context } of chunks) {
    if (words.length % chunksAtOnce === 0) await setImmediate();
    // After the text, so that the positions of its words stay.
    words.push(lexicon.read(context ? `${text}\n${context}` : text));
  }
  return words;
};

/** Rows of app.chunks. The long columns are separate arrays and not part of the JSON, which PostgreSQL parses slower. */
type Rows = { rows: object[]; tsvs: string[]; terms: string[] };

const rowsOf = async (chunks: readonly Chunk[], words: readonly Word[][], average: number): Promise<Rows> => {
  const [rows, tsvs, terms]: [object[], string[], string[]] = [[], [], []];
  for (const [n, chunk] of chunks.entries()) {
    if (n % chunksAtOnce === 0) await setImmediate();
    // There is one list of words per chunk.
    const positions = positionsOf(words[n]!);
    rows.push({ ...chunk, id: newUuid(), lexemes: positions.lexemes });
    tsvs.push(tsvectorOf(positions));
    terms.push(termsOf(positions, average));
  }
  return { rows, tsvs, terms };
};

/** The average number of lexemes of the tenant's chunks in the language; until it is measured, that of these texts. */
const averageOf = async (ctx: Ctx, language: string, texts: readonly Word[][]): Promise<number> => {
  const [row] = await ctx.db.execute<{ average: number | null }>(
    sql`select average from app.corpora where tenant_id = ${ctx.tenantId} and language = ${language}`,
  );
  if (row?.average) return row.average;
  const sample = texts.slice(0, sampleChunks);
  const lexemes = sample.reduce((sum, words) => sum + positionsOf(words).lexemes, 0);
  return Math.max(1, lexemes / sample.length);
};
