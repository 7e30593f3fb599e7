/** Finds the delimiter of comma-separated values. */

import Papa from "papaparse";

export type Dialect = { delimiter: string; hasSpaceBeforeQuote: boolean };

/** In the order in which they win when they fit equally well: a comma is often a part of a value. */
const delimiters = ["\t", ";", "|", "\u001f", ","] as const;
const sampleChars = 64 * 1024;
const recordsMax = 200;
/** The advantage, as a share of consistent records, with which a later delimiter wins. */
const advantageMin = 0.05;

/**
 * The delimiter that divides most records into the same number of fields. The first record with several fields counts most,
 * because it names the columns.
 */
export const dialectOf = (text: string): Dialect => {
  const sample = text.slice(0, sampleChars);
  let best: Dialect & { score: number } = { delimiter: ",", hasSpaceBeforeQuote: false, score: 0 };
  for (const delimiter of delimiters) {
    if (!sample.includes(delimiter)) continue;
    const plain = consistency(sample, delimiter);
    const isSpaced =
      plain.hasSpaces && consistency(withoutSpaces(sample, delimiter), delimiter).score >= plain.score - 0.02;
    const { score } = plain;
    if (score > best.score + (best.score > 0 ? advantageMin : 0))
      best = { delimiter, hasSpaceBeforeQuote: isSpaced, score };
  }
  return best;
};

/** Some programs write a blank between a delimiter and a quote, which RFC 4180 does not allow. */
export const withoutSpaces = (text: string, delimiter: string): string =>
  text.replace(new RegExp(`(^|${delimiter === "|" ? "\\|" : delimiter}) {1,20}"`, "gm"), '$1"');

/** The score is from 0 to 1. `hasSpaces` says that fields begin with a blank and a quote. */
const consistency = (sample: string, delimiter: string): { score: number; hasSpaces: boolean } => {
  const { data } = Papa.parse<string[]>(sample, {
    delimiter,
    newline: "\n",
    skipEmptyLines: "greedy",
    preview: recordsMax,
  });
  // The last record of a sample may be cut.
  const records = data.length > 20 ? data.slice(0, -1) : data;
  // Some programs end each record with a delimiter, and others leave out empty values at the end.
  const score =
    Math.max(share(records), share(records.map(withoutEnd))) *
    proseFactor(sample, delimiter) *
    quoteFactor(sample, delimiter);
  // A file that also has quotes without the blanks is right as it is.
  const mayHaveSpaces = !sample.includes(`${delimiter}"`);
  return {
    score,
    hasSpaces: mayHaveSpaces && records.some((fields) => fields.some((field) => /^ {1,20}"/.test(field))),
  };
};

const withoutEnd = (fields: readonly string[]): readonly string[] =>
  fields.slice(0, fields.findLastIndex((field) => field.trim() !== "") + 1);

/** The share of records that have the most frequent number of fields. */
const share = (records: readonly (readonly string[])[]): number => {
  const counts = new Map<number, number>();
  for (const { length } of records) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [mode] = [...counts].toSorted(([a, countA], [b, countB]) => countB - countA || b - a);
  if (!mode) return 0;
  const first = records.find(({ length }) => length > 1);
  return (mode[1] / records.length) * (first?.length === mode[0] ? 1 : 0.7) + Math.min(mode[0], 20) / 1000;
};

/** Commas before a blank or within a number are those of sentences, dates and sums, when hardly any others are there. */
const proseFactor = (sample: string, delimiter: string): number => {
  if (delimiter !== "," || /, +"/.test(sample)) return 1;
  const others = sample.match(/,(?![ \n\d])|(?<!\d),(?=\d)/g)?.length ?? 0;
  return others <= (sample.split(",").length - 1) * othersMax ? 0.6 : 1;
};

const othersMax = 0.2;

/** From 0.5 to 1: the share of quotes that begin or end a value. With a wrong delimiter they stand inside of values. */
const quoteFactor = (sample: string, delimiter: string): number => {
  let [quotes, fitting] = [0, 0];
  for (let at = sample.indexOf('"'); at >= 0; at = sample.indexOf('"', at + 1)) {
    const [before, after] = [sample[at - 1], sample[at + 1]];
    if (before === '"' || after === '"') continue;
    quotes += 1;
    const isEdge = (neighbour: string | undefined) =>
      neighbour === undefined || neighbour === "\n" || neighbour === delimiter;
    if (isEdge(before) || isEdge(after) || (before === " " && sample[at - 2] === delimiter)) fitting += 1;
  }
  return quotes === 0 ? 1 : 0.5 + (0.5 * fitting) / quotes;
};
