import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Ctx } from "../../platform/context.ts";
import { type Id, newUuid } from "../../platform/id.ts";
import type { Chunk } from "./chunk.ts";
import { type Embeddings, modelsOf, scaled, unscaled } from "./embedding.ts";
import { type Lexicon, lexiconOf, positionsOf, termsOf, tsvectorOf, type Word } from "./lexicon.ts";
import { Statements } from "./statements.ts";

/** Chunks of the first part of an index, which shows how fast the database is, and of every smaller part; and of the largest part. */
const [partMin, partMax] = [50, 500];
/** A part has as many chunks as the database writes in this time: it holds no lock longer, and other statements have their turn. */
const partMs = 150;
/** The next part has at most this many times the chunks. */
const growthMax = 3;
/** The average length is estimated from this many chunks until `measureCorpus` has measured it. */
const sampleChunks = 50;

/** The index of a version: its exact text, the text search configuration, the chunks, and their vectors. */
export type Index = { text: string; language: string; chunks: readonly Chunk[]; embeddings: Embeddings };

/** The tenant changed its model while the version was embedded. The caller repeats the work. */
export class ModelChanged extends Error {
  override readonly name = "ModelChanged";
}

type Part = { isFirst: boolean; isLast: boolean };
/** Calls `write` once, with a context in a transaction. */
export type WritePart = (part: Part, write: (ctx: Ctx) => Promise<void>) => Promise<void>;

type Version = { id: Id<"document">; version: number };

/**
 * Writes the text, chunks, BM25 terms and embeddings of a version that has no rows, part by part; `writePart` decides about the
 * transactions. The next part is computed while PostgreSQL writes. Each set of rows is one parameter, so that the statement's text
 * stays below 16 KB, above which RDS Proxy pins the connection, and its plan stays the same.
 *
 * @throws ModelChanged
 */
export async function writeParts({ id, version }: Version, index: Index, writePart: WritePart): Promise<void> {
  const { language, chunks } = index;
  const lexicon = lexiconOf(language);
  const written: Written = { models: undefined, average: 0, chars: 0 };
  let size = partMin;
  let range = await rangeFrom(0, size, chunks, lexicon);
  let prepared: Promise<Rows> | undefined;
  for (;;) {
    const { from, to } = range;
    const part = { isFirst: from === 0, isLast: to >= chunks.length };
    const next = part.isLast ? undefined : await rangeFrom(to, size, chunks, lexicon);
    const rows = await prepared;
    const startedAt = performance.now();
    const target = { document: id, version, language, from, text: textOf(index, range, part, written) };
    await writePart(part, (ctx) =>
      Statements.run(async (start) => {
        written.models = await checkedModels(ctx, index.embeddings, written.models);
        // The words of the first two parts, or of the next one: before the inserts, or their result would wait for these.
        const lookup = start(lexicon.lookUp(ctx));
        if (part.isFirst) {
          await lookup;
          written.average = await averageOf(ctx, language, range.words);
        }
        const own = rows ?? (await rowsOf(index, range, written));
        if (next) prepared = prepare(lookup.then(() => rowsOf(index, next, written)));
        await Promise.all([
          start(insertText(ctx, target)),
          start(insertChunks(ctx, { ...target, average: written.average }, own)),
          ...[...own.vectors].map(([model, vectors]) => start(insertVectors(ctx, { ...target, model }, vectors))),
        ]);
      }),
    );
    if (!next) return;
    const fitting = (to - from) * (partMs / (performance.now() - startedAt));
    size = Math.round(Math.min(partMax, (to - from) * growthMax, Math.max(partMin, fitting)));
    range = next;
  }
}

/** What the parts so far have in common. */
type Written = { models: readonly string[] | undefined; average: number; chars: number };
type Range = { from: number; to: number; words: Word[][] };
type Target = { document: Id<"document">; version: number; language: string; from: number; text: string };

const rangeFrom = async (from: number, size: number, chunks: readonly Chunk[], lexicon: Lexicon): Promise<Range> => {
  const to = Math.min(from + size, chunks.length);
  return { from, to, words: await wordsOfEach(lexicon, chunks.slice(from, to)) };
};

/** Its failure is thrown where the rows are used, also when the transaction before has failed and nothing uses them. */
const prepare = (rows: Promise<Rows>): Promise<Rows> => {
  rows.catch(() => {});
  return rows;
};

/**
 * The models to write vectors of: those of the first part, in every part. The models of the tenant stay until the end of the
 * transaction. A model that is prepared since then gets its vectors from the job.
 */
const checkedModels = async (
  ctx: Ctx,
  embeddings: Embeddings,
  before: readonly string[] | undefined,
): Promise<readonly string[]> => {
  const { serving, next } = await modelsOf(ctx, "share");
  const isUsed = (model: string) => model === serving || model === next;
  const models = before ?? [...embeddings.keys()].filter(isUsed);
  if (!models.includes(serving) || !models.every(isUsed)) throw new ModelChanged(`search uses ${serving} now`);
  return models;
};

/** The text of the part's chunks, without a text that is written already; the last part has the rest. */
const textOf = ({ text, chunks }: Index, { to }: Range, { isLast }: Part, written: Written): string => {
  const start = written.chars;
  const end = chunks[to - 1]?.charEnd ?? 0;
  // A surrogate pair stays together.
  const whole = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
  written.chars = isLast ? text.length : Math.max(start, whole);
  return text.slice(start, written.chars);
};

// These are async, because drizzle's statements run again for every `then`.
const insertText = async (ctx: Ctx, { document, version, from, text }: Target) =>
  ctx.db.execute(sql`
    insert into app.document_texts (tenant_id, document_id, version, part, text) values (${ctx.tenantId}, ${document}, ${version}, ${from}, ${text})`);

const insertChunks = async (
  ctx: Ctx,
  { document, version, language, average }: Target & { average: number },
  { rows, tsvs, terms }: Rows,
) =>
  ctx.db.execute(sql`
    insert into app.chunks (tenant_id, document_id, version, ordinal, id, text, tsv, terms, page, context, sheet, cells, headings, marks, char_start, char_end, tokens, content_hash,
      language, lexemes, average)
    select ${ctx.tenantId}, ${document}, ${version}, c.ordinal, c.id, c.text, c.tsv::tsvector, c.terms::sparsevec, c.page,
      c.context, c.sheet, c.cells, c.headings, c.marks, c."charStart", c."charEnd", c.tokens, sha256(convert_to(c.text, 'UTF8')), ${language}, c.lexemes, ${average}
    from rows from (
        jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (ordinal int, id uuid, text text, page int, context text,
          sheet text, cells text, headings text[], marks text,
          "charStart" int, "charEnd" int, tokens int, lexemes int),
        string_to_table(${tsvs.join(";")}, ';'), string_to_table(${terms.join(";")}, ';'))
      as c (ordinal, id, text, page, context, sheet, cells, headings, marks, "charStart", "charEnd", tokens, lexemes, tsv, terms)`);

const insertVectors = async (
  ctx: Ctx,
  { document, version, model, from }: Target & { model: string },
  vectors: string,
) =>
  ctx.db.execute(sql`
    insert into app.embeddings (tenant_id, document_id, version, ordinal, model, embedding)
    select ${ctx.tenantId}, ${document}, ${version}, ${from}::int + n::int - 1, ${model}, ${unscaled(sql`v.vector`)}
    from string_to_table(${vectors}, ';') with ordinality as v (vector, n)`);

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

/**
 * Rows of a part. The long columns are separate texts and not part of the JSON, which PostgreSQL parses slower. Vectors are by
 * model.
 */
type Rows = { rows: object[]; tsvs: string[]; terms: string[]; vectors: Map<string, string> };

const rowsOf = async (
  { chunks, embeddings }: Index,
  { from, to, words }: Range,
  { average, models = [] }: Written,
): Promise<Rows> => {
  const [rows, tsvs, terms]: [object[], string[], string[]] = [[], [], []];
  for (const [n, chunk] of chunks.slice(from, to).entries()) {
    if (n % chunksAtOnce === 0) await setImmediate();
    // There is one list of words per chunk.
    const positions = positionsOf(words[n]!);
    rows.push({ ...chunk, id: newUuid(), lexemes: positions.lexemes });
    tsvs.push(tsvectorOf(positions));
    terms.push(termsOf(positions, average));
  }
  const vectors = new Map<string, string>();
  // The models are keys of the embeddings.
  for (const model of models) vectors.set(model, (await embeddings.get(model)!(from, to)).map(scaled).join(";"));
  return { rows, tsvs, terms, vectors };
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
