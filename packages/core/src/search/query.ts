import { dashedIn, wordsOf } from "../documents/index.ts";

/** A parsed query. A hit must contain each phrase `"…"` word for word, and no excluded `-word` or `-"…"`. */
export type ParsedQuery = {
  /** All words to search for, those of phrases included. */
  words: string;
  phrases: string[];
  excluded: Excluded[];
  /** Words with the dash before them, as `-xvf` and `-40`: chunks that contain them like this rank higher. */
  dashed: string[];
  /** Part numbers, addresses and words in typographic quotation marks, which should follow each other. */
  ids: string[];
  /** An incomplete last word; empty when all words are complete. */
  beginning: string;
};

/** An excluded word or phrase; of a word also the form with its dash: chunks that contain `-xvf` itself are not excluded. */
export type Excluded = { text: string; dashed: string | null };

/** A straight quotation mark may be closed by a typographic one, which telephones insert. */
const required = `"(?<straight>[^"]+)"|"(?<mixed>[^"“”]+)[“”]`;
/** Pasted texts contain typographic quotation marks too, so they require nothing: their words should follow each other. */
const preferred = `[“„‟＂](?<high>[^"“”„‟＂]+)[“”‟＂]|«(?<out>[^«»]+)»|»(?<in>[^«»]+)«`;
/**
 * A dash excludes when it begins a word that begins with a letter. A quotation mark that is not closed is part of a word,
 * and brackets before a quotation mark are not.
 */
const part = new RegExp(
  String.raw`(?<sign>(?<=^|\s)-(?=[\p{L}"“„«»]))?(?:${required}|${preferred}|[(\[{]+(?=["“„«»])|(?<word>\S+))`,
  "gu",
);
type Groups = Partial<Record<"sign" | "straight" | "mixed" | "high" | "out" | "in" | "word", string>>;

/** `endsOpen`: the last word may be incomplete. */
export const parseQuery = (query: string, endsOpen = false): ParsedQuery => {
  const included: string[] = [];
  const phrases: string[] = [];
  const excluded: Excluded[] = [];
  const ids: string[] = [];
  for (const { groups } of query.matchAll(part)) {
    const { sign, word, ...quoted } = groups as Groups;
    const phrase = quoted.straight ?? quoted.mixed;
    const text = phrase ?? quoted.high ?? quoted.out ?? quoted.in ?? word;
    if (text === undefined) continue;
    if (sign && hasLetters.test(text)) {
      excluded.push({ text, dashed: word ? (dashedIn(`-${text}`)[0] ?? null) : null });
      continue;
    }
    included.push(text);
    if (phrase && hasLetters.test(phrase)) phrases.push(text);
    else if (ids.length < idsMax && (word === undefined ? isFollowing(text) : isId(text))) ids.push(text);
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

const isId = (text: string): boolean => idPattern.test(text) && idSign.test(text) && isFollowing(text);
const isFollowing = (text: string): boolean => {
  const { length } = wordsOf(text);
  return length > 1 && length <= idWordsMax;
};
