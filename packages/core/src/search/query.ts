import { dashedIn, wordsOf } from "../documents/index.ts";

/** A parsed query. A hit must contain each phrase `"…"` word for word, and no excluded `-word` or `-"…"`. */
export type ParsedQuery = {
  /** All words to search for, those of phrases included. */
  words: string;
  phrases: string[];
  excluded: Excluded[];
  /** Words with the dash before them, as `-xvf` and `-40`: chunks that contain them like this rank higher. */
  dashed: string[];
  /** Part numbers, addresses and the like, whose words should follow each other. */
  ids: string[];
  /** An incomplete last word; empty when all words are complete. */
  beginning: string;
};

/** An excluded word or phrase; of a word also the form with its dash: chunks that contain `-xvf` itself are not excluded. */
export type Excluded = { text: string; dashed: string | null };

/** Quotation marks come in pairs: any two of the English and German ones, or guillemets in either direction. */
const quotes = String.raw`["“”„‟＂]`;
const phrase = String.raw`(?:${quotes}(?<high>[^"“”„‟＂]+)${quotes}|«(?<out>[^«»]+)»|»(?<in>[^«»]+)«)`;
/**
 * A dash excludes when it begins a word that begins with a letter. A quotation mark that is not closed is part of a word,
 * and brackets before a quotation mark are not.
 */
const part = new RegExp(
  String.raw`(?<sign>(?<=^|\s)-(?=\p{L}|["“„«»]))?(?:${phrase}|[(\[{]+(?=["“„«»])|(?<word>\S+))`,
  "gu",
);

/** `endsOpen`: the last word may be incomplete. */
export const parseQuery = (query: string, endsOpen = false): ParsedQuery => {
  const included: string[] = [];
  const phrases: string[] = [];
  const excluded: Excluded[] = [];
  const ids: string[] = [];
  for (const { groups } of query.matchAll(part)) {
    // The groups of `part`: each match has at most a phrase or a word.
    const {
      sign,
      high,
      out,
      in: inner,
      word,
    } = groups as Partial<Record<"sign" | "high" | "out" | "in" | "word", string>>;
    const phrase = high ?? out ?? inner;
    const text = phrase ?? word;
    if (text === undefined) continue;
    if (sign && hasLetters.test(text))
      excluded.push({ text, dashed: phrase ? null : (dashedIn(`-${text}`)[0] ?? null) });
    else {
      included.push(text);
      if (phrase && hasLetters.test(phrase)) phrases.push(text);
      else if (ids.length < idsMax && isId(text)) ids.push(text);
    }
  }
  const words = included.join(" ");
  const beginning = endsOpen ? words.slice(words.lastIndexOf(" ") + 1) : "";
  return { words, phrases, excluded, dashed: dashedIn(query).slice(0, dashedMax), ids, beginning };
};

/** "-" and "--" exclude nothing. */
const hasLetters = /[\p{L}\p{N}]/u;

/** More of them are words only: each costs a search of its own. */
const idsMax = 8;
const dashedMax = 64;
const idWordsMax = 24;
/** With a digit between other characters than a sentence has, or an address. */
const idPattern = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{S}]+$/u;
const idSign = /\p{N}|[\p{L}\p{N}]@[\p{L}\p{N}]|:\/\/|^www\./u;

const isId = (text: string): boolean => {
  if (!idPattern.test(text) || !idSign.test(text)) return false;
  const { length } = wordsOf(text);
  return length > 1 && length <= idWordsMax;
};
