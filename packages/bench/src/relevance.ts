import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { ApiProblem, type Resolve, unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { sharedData } from "../../../scripts/shared-data.ts";
import { synonyms } from "../../embedding/src/testing/synonyms.ts";

const languages = ["ar", "de", "en", "es", "hi", "ru", "zh"];
export const sets = ["cranfield", "adi", ...languages.map((language) => `xquad/${language}`)];
export const modes = ["keyword", "vector", "hybrid"] as const;
export type Mode = (typeof modes)[number];

const cutoff = 10;
const uploadsAtOnce = 3;
const queriesAtOnce = 4;

type Document = { _id: string; title?: string; text: string };
type Query = { _id: string; text: string; answer?: string };
export type Collection = { documents: Document[]; queries: Query[]; relevant: Map<string, Set<string>> };
/** Found documents by id, best first. */
export type Ranking = { document: string; score: number }[];
export type Rankings = Map<string, Ranking>;

/** A relevance set of the shared test data, or undefined when the data is not available. */
export const collectionOf = (set: string): Collection | undefined => {
  const folder = sharedData(`retrieval/${set}`);
  if (!folder) return undefined;
  const lines = (name: string) => readFileSync(`${folder}/${name}`, "utf8").trim().split("\n");
  const relevant = new Map<string, Set<string>>();
  for (const [query, document, score] of lines("qrels.tsv").map((line) => line.split("\t")))
    if (Number(score) > 0) relevant.set(query!, (relevant.get(query!) ?? new Set()).add(document!));
  const queries = lines("queries.jsonl").map((line): Query => JSON.parse(line));
  return {
    documents: lines("docs.jsonl")
      .map((line): Document => JSON.parse(line))
      .filter(({ text }) => text.trim() !== ""),
    queries: queries.filter(({ _id }) => relevant.has(_id)),
    relevant,
  };
};

/** Questions that share no word with their answers, so that keyword search cannot find them. */
export const synonymProbes = (): Collection => ({
  documents: synonyms.map(([, text], n) => ({ _id: `answer ${n}`, text })),
  queries: synonyms.map(([text], n) => ({ _id: `question ${n}`, text })),
  relevant: new Map(synonyms.map((_, n) => [`question ${n}`, new Set([`answer ${n}`])])),
});

/** Uploads the documents, named by their ids, and waits until all are ready. */
export const upload = async (client: Resolve, { documents }: Collection): Promise<void> => {
  const uploadOne = async (one: Document) => {
    const send = () =>
      unwrap(
        client.POST("/api/v1/documents", {
          body: { name: one._id, text: textOf(one) },
          // A repetition after a timeout must not create a second document.
          headers: { "Idempotency-Key": `bench-${encodeURIComponent(one._id)}` },
        }),
      );
    const { document } = await repeated(send);
    let status: string = document.status;
    while (status !== "ready") {
      const params = { path: { documentId: document.id }, query: { waitSeconds: 20 } };
      status = (await repeated(() => unwrap(client.GET("/api/v1/documents/{documentId}", { params })))).status;
      if (status === "failed") throw new Error(`${one._id} failed`);
    }
  };
  await pMap(documents, uploadOne, { concurrency: uploadsAtOnce });
};

const attemptsMax = 40;
const pauseMs = 3_000;

/** Repeats a request while the system is unavailable, as on a machine with too much other work. */
const repeated = async <T>(send: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const isUnavailable = error instanceof ApiProblem && [409, 503].includes(error.problem.status);
      if (!isUnavailable || attempt === attemptsMax) throw error;
      await setTimeout(pauseMs);
    }
  }
};

/** The title above the text, if the text does not begin with it. */
export const textOf = ({ title, text }: Document): string =>
  title && !text.startsWith(title) ? `${title}\n\n${text}` : text;

/** The rankings that search returns for the queries of a set, each document by its best chunk. */
export const rank = async (client: Resolve, { queries }: Collection, mode: Mode, limit = cutoff): Promise<Rankings> => {
  const rankOne = async ({ _id, text }: Query): Promise<[string, Ranking]> => {
    const body = { query: asWords(text), mode, limit, groupBy: "document" } as const;
    const { data } = await unwrap(client.POST("/api/v1/search", { body }));
    return [_id, data.map(({ document, score }) => ({ document: document.name, score }))];
  };
  return new Map(await pMap(queries, rankOne, { concurrency: queriesAtOnce }));
};

/** The text without our query syntax, as a user would type it. */
export const asWords = (text: string): string =>
  text
    .replace(/["\p{Cc}]/gu, " ")
    .replace(/(^|\s)-/g, "$1")
    .trim()
    .slice(0, 8_000);

/** Mean nDCG@10, binary judgements. */
export const ndcg = ({ queries, relevant }: Collection, rankings: Rankings): number => {
  let sum = 0;
  for (const { _id } of queries) {
    const wanted = relevant.get(_id)!;
    const gain = (at: number) => 1 / Math.log2(at + 2);
    const gained = rankings
      .get(_id)!
      .slice(0, cutoff)
      .reduce((total, { document }, at) => total + (wanted.has(document) ? gain(at) : 0), 0);
    let ideal = 0;
    for (let at = 0; at < Math.min(cutoff, wanted.size); at++) ideal += gain(at);
    sum += gained / ideal;
  }
  return sum / queries.length;
};
