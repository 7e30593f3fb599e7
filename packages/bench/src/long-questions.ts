import { wordsOf } from "@resolve/core/documents";
import { type Resolve, unwrap } from "@resolve/sdk";
import type { Sql } from "postgres";
import type { Collection, Rankings } from "./relevance.ts";

/** A shorter rest of a paragraph is no long question. */
const charsMin = 200;
const cutoff = 10;

/**
 * Questions as somebody pastes them: each paragraph once, without the sentences that contain the answer of a question. The
 * whole paragraph is the relevant document. A set without answers has none.
 */
export const longQuestions = ({ documents, queries, relevant }: Collection): Collection => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const texts = new Map(documents.map(({ _id, text }) => [_id, text]));
  const taken = new Set<string>();
  const long = queries.flatMap(({ _id, answer }) => {
    const [paragraph = ""] = relevant.get(_id) ?? [];
    const text = texts.get(paragraph);
    if (text === undefined || !answer || taken.has(paragraph)) return [];
    const kept = Array.from(segmenter.segment(text), ({ segment }) => segment).filter((one) => !one.includes(answer));
    const question = kept.join(" ").trim();
    if (question.length < charsMin) return [];
    taken.add(paragraph);
    return [{ _id, text: question }];
  });
  return { documents, queries: long, relevant };
};

type Chunk = { name: string; language: string; counts: Map<string, number>; length: number };

/** Ranks by plain BM25 (k1 1.2, b 0.75) over the tokens of the index: every word of the query counts, and no other form of it. */
export const plainRankings = async (admin: Sql, client: Resolve, { queries }: Collection): Promise<Rankings> => {
  const [document] = (await unwrap(client.GET("/api/v1/documents", { params: { query: { limit: 1 } } }))).data;
  const rows = await admin`
    select d.name, c.language, c.lexemes as length, (
      select json_object_agg(lexeme, cardinality(positions) - cardinality(array_positions(weights, 'C'))) from unnest(c.tsv)) as counts
    from app.documents d join app.chunks c on c.tenant_id = d.tenant_id and c.document_id = d.id
    where d.tenant_id = (select tenant_id from app.documents where name = ${document!.name} order by id desc limit 1)`;
  const chunks = rows.map(({ name, language, length, counts }): Chunk => {
    const own = Object.entries<number>(counts).filter(([, count]) => count > 0);
    return { name, language, length, counts: new Map(own) };
  });
  const corpora = [...Map.groupBy(chunks, ({ language }) => language)].map(([language, own]) =>
    corpusOf(language, own),
  );
  const rankings: Rankings = new Map();
  for (const { _id, text } of queries) {
    const best = new Map<string, number>();
    for (const corpus of corpora) {
      const lexemes = await admin<{ lexeme: string }[]>`
        select lexeme from app.lexemes(${corpus.language}, ${wordsOf(text)}) where lexeme is not null`;
      for (const [name, score] of corpus.scores(lexemes.map(({ lexeme }) => lexeme)))
        if (score > (best.get(name) ?? 0)) best.set(name, score);
    }
    const ranking = [...best].map(([document, score]) => ({ document, score }));
    rankings.set(_id, ranking.sort((one, other) => other.score - one.score).slice(0, cutoff));
  }
  return rankings;
};

const corpusOf = (language: string, chunks: Chunk[]) => {
  const average = chunks.reduce((sum, { length }) => sum + length, 0) / chunks.length;
  const frequencies = new Map<string, number>();
  for (const { counts } of chunks)
    for (const lexeme of counts.keys()) frequencies.set(lexeme, (frequencies.get(lexeme) ?? 0) + 1);
  const idf = (lexeme: string) => {
    const frequency = frequencies.get(lexeme) ?? 0;
    return Math.log(1 + (chunks.length - frequency + 0.5) / (frequency + 0.5));
  };
  const scores = (query: string[]) =>
    chunks.map(({ name, counts, length }): [string, number] => {
      const weight = (count: number) => (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / average));
      return [name, query.reduce((sum, lexeme) => sum + idf(lexeme) * weight(counts.get(lexeme) ?? 0), 0)];
    });
  return { language, scores };
};
