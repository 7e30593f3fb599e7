import { wordWeight } from "@resolve/embedding";
import { isPair, textFormsOf } from "../../documents/index.ts";
import { keysOf } from "../../platform/keys.ts";
import { isLetterPair, withSpellings } from "../words.ts";
import type { Asked } from "./asked.ts";
import { type Candidate, matchedParts, placesIn } from "./candidates.ts";
import { labelsOf } from "./evidence.ts";
import { similarTo, type Token, tokensOf } from "./tokens.ts";
import { aggregates, askingWords, pronouns, unitsWithForm } from "./vocabulary.ts";

/** The words of the question, as indexes, by where they are, and what is known of the sentence. */
export type Found = Record<"content" | "names" | "own" | "around" | "chunk" | "missing", readonly number[]> & {
  /** The missing words without those that any question may have (`lightWords`). */
  missingContent: readonly number[];
  /** By word: its share of the question. */
  weights: readonly number[];
  above: ReadonlySet<number>;
  labels: ReadonlySet<number>;
  /** By word: whether some hit has it. */
  isFound: readonly boolean[];
  tokens: readonly Token[];
  /** The words of the sentence that the question does not have. */
  fresh: readonly Token[];
  /** Those of them that can be the answer; undefined when the question asks for none that a word shows. */
  typed: readonly Token[] | undefined;
  /** Whether the sentence has the unit that the question asks for; undefined when it asks for none. */
  ownsUnit: boolean | undefined;
};

/** A year, or the number of an order. Smaller ones are often written in words. */
const longNumber = /^\d{3,}$/;
const rareWordWeight = 0.9;
/** The language that writes every noun with a capital letter, not names alone. */
export const nounsCapital = "german";

/** A question of so few words has little but its name, and one of two words needs both: "the capital of France". */
const fewWords = 3;
const twoWords = 2;
/** Questions of so few words need most of them, and rows all of them. */
const shortWords = 5;
/** A row may lack so many words of a longer question. */
const rowMissingMax = 1;
/** A question for an amount may have so many words that matter: a sentence must have a number, and its unit. */
const amountWords = 8;
/** The languages whose units and numbers in words are known well enough; in others, only short questions need them. */
const withUnits = new Set(["english", "german", "spanish", "french", "italian", "portuguese", "russian"]);
const amountWordsOf = ({ language }: Candidate["source"]) => (withUnits.has(language) ? amountWords : shortWords);
/** A word with this share of the question decides what it is about. */
const decidingShare = 0.375;
/** A title, a greeting or a signature is not longer. */
const shortTokens = 8;

type Hit = Candidate["source"]["hit"];
type Rule = (asked: Asked, candidate: Candidate, found: Found) => boolean;

const lacks = (word: number, within: readonly number[]) => !within.includes(word);
const isUnfound = (words: readonly number[], { isFound }: Found) => words.some((word) => !isFound[word]);

/** Why a sentence is about something else than the question, whatever the models say. */
export const rules = {
  "lacks-part-number": ({ partNumbers }, _, { content, around }) =>
    partNumbers.some((number) => number.some((word) => content.includes(word) && lacks(word, around))),
  "lacks-written-part-number": ({ writtenPartNumbers }, { text, before, after, source: { hit } }) =>
    writtenPartNumbers.some((pattern) => !pattern.test([...labelsOf(hit), before?.text, text, after?.text].join(" "))),
  "lacks-number": ({ words }, _, { content, chunk }) =>
    content.some((word) => longNumber.test(words[word]!) && lacks(word, chunk)),
  /** "Unit 14", where the chunk is about unit 16. */
  "lacks-numbered-word": ({ numberedWords }, { source: { hit } }) =>
    numberedWords.some((pattern) => !pattern.test(withLabels(hit))),
  /** The second quarter, where the question is about the third. */
  "has-rival": ({ rivals }, _, { own, labels, tokens }) =>
    rivals.some(
      ({ word, same, others }) =>
        lacks(word, own) &&
        !labels.has(word) &&
        tokens.some(({ small }) => others.has(small)) &&
        !tokens.some(({ small }) => same.has(small)),
    ),
  "lacks-form": ({ unit }, _, { ownsUnit }) => unit !== undefined && unitsWithForm.has(unit) && !ownsUnit,
  "lacks-what-is-counted": ({ counted }, _, { around, content }) =>
    content.length < shortWords && counted.length > 0 && counted.every((word) => lacks(word, around)),
  "lacks-unit": (_, { kind, source }, { content, ownsUnit }) =>
    ownsUnit === false && (kind === "row" || content.length <= amountWordsOf(source)),
  /** Also a row about one of the things of "how many". */
  "is-one-row-of-all": ({ isOfAll, counted, words }, { kind, text }) =>
    kind === "row" && ((isOfAll && !aggregates.test(text)) || isOneOf(text, counted, words)),
  /** First names and family names of other people, also of those that begin alike. */
  "has-other-full-name": ({ fullNames, words }, { kind, source: { hit, language } }, { content, tokens }) =>
    language !== nounsCapital &&
    fullNames.some(([first, last]) => {
      if (!content.includes(first) || !content.includes(last)) return false;
      // The indexes are of `words`.
      const [one, other] = [words[first]!, words[last]!];
      const near = kind === "row" ? tokens : tokensNear(hit);
      const has = (name: string) => near.some(({ small }) => isFormOf(name, small));
      return (kind === "row" ? has(one) || has(other) : has(one)) && !isTogether(near, one, other);
    }),
  "is-namesake": ({ fullNames, words }, { source }, { content, chunk, tokens }) =>
    source.language !== nounsCapital &&
    fullNames.some(
      ([first, last]) => content.includes(first) && lacks(first, chunk) && isNamesake(tokens, words[last]),
    ),
  /** A number or date beside another name is not about the name in the sentence before; no sentence is about a name after it. */
  "lacks-name": ({ expected }, { before, text }, { content, names, around, own, labels, fresh }) => {
    const isOfOther = fresh.some(({ isName, isDate }) => isName && !isDate) && !pronouns.test(text);
    const isBefore = (word: number) =>
      expected !== "date" && expected !== "amount" && before !== undefined && placesIn(before, word).length > 0;
    const isOutside = (word: number) => lacks(word, own) && !labels.has(word) && !isBefore(word);
    return content.length <= fewWords && names.some((word) => lacks(word, around) || (isOfOther && isOutside(word)));
  },
  "lacks-word-of-two": (_, { text }, { content, missing, own, labels }) =>
    content.length <= twoWords &&
    (missing.length > 0 || (!pronouns.test(text) && content.every((word) => lacks(word, own) && !labels.has(word)))),
  "has-only-names": (_, __, found) =>
    found.names.length > 0 &&
    isUnfound(found.missing, found) &&
    found.around.every((word) => found.names.includes(word)),
  "lacks-unfound-word": (_, __, found) =>
    found.content.length <= fewWords && found.names.length > 0 && isUnfound(found.missing, found),
  "has-only-the-question-above": (_, { question }, { missing, own, above }) =>
    question !== undefined && missing.length > 0 && own.every((word) => above.has(word)),
  /** "A year" is an amount of time without a number. */
  "lacks-amount": ({ expected }, { source }, { content, typed, ownsUnit }) =>
    expected === "amount" && content.length <= (ownsUnit ? twoWords : amountWordsOf(source)) && typed?.length === 0,
  "names-nobody": ({ expected, words }, _, { typed, missing, content, tokens }) =>
    expected === "person" &&
    typed?.length === 0 &&
    (missing.length > 0 || content.length === 1) &&
    !beginsWithName(tokens, words),
  /** In a script without spaces also beside a sentence that has them: a sentence about the same would have some pairs of them. */
  "lacks-every-word": ({ words }, { text }, { content, own, above, labels, around, tokens }) =>
    above.size === 0 &&
    labels.size === 0 &&
    saysNothing(own, words) &&
    (around.length === 0 || content.some((word) => isPair(words[word]!))) &&
    !pronouns.test(text) &&
    similarTo(tokens, content, words).length === 0,
  "says-nothing-new": ({ words, isStatement }, candidate, { own, above, tokens }) => {
    if (isStatement || own.length === 0 || above.size > 0) return false;
    const isMatched = matchedParts(candidate, own);
    return tokens.every((token) => words.includes(token.small) || askingWords.has(token.small) || isMatched(token));
  },
  "has-only-names-of-short": (_, __, { content, names, missing, around }) =>
    content.length <= shortWords &&
    names.length > 0 &&
    missing.length > 0 &&
    around.every((word) => names.includes(word)),
  "lacks-half-of-short": (_, { kind }, { content, missing, typed }) =>
    content.length >= twoWords &&
    content.length <= shortWords &&
    missing.length >= content.length / 2 &&
    !(kind === "sentence" && typed !== undefined && typed.length > 0),
  "is-short-and-lacks-kind": ({ expected }, _, { typed, tokens, ownsUnit }) =>
    ["date", "amount", "person"].includes(expected) && typed?.length === 0 && tokens.length <= shortTokens && !ownsUnit,
  "is-short-item-that-lacks-word": (_, { kind }, { tokens, content, missingContent }) =>
    kind !== "sentence" && tokens.length <= shortTokens && content.length < shortWords && missingContent.length > 0,
  "is-row-that-lacks-word": (_, { kind }, { content, missingContent }) =>
    kind === "row" && missingContent.length > (content.length <= shortWords ? 0 : rowMissingMax),
  /** The rest of a line that was broken. */
  "is-fragment": (_, { kind, text, source: { language } }) =>
    kind === "sentence" && language !== "simple" && /^["'“(]?\p{Ll}/u.test(text),
  /** No word of the chunk begins alike. Verbs and adjectives of a German question do not decide. */
  "lacks-deciding-word": ({ words, names }, { source: { hit, language } }, { missing, weights }) => {
    const deciding = missing.filter(
      (word) => weights[word]! >= decidingShare && (language !== nounsCapital || names.includes(word)),
    );
    if (deciding.length === 0) return false;
    const near = tokensNear(hit).flatMap(({ small }) =>
      [small, ...textFormsOf(small)].map((form) => ({ small: form })),
    );
    return deciding.some((word) => {
      const forms = withSpellings([words[word]!]);
      return similarTo(near, [...forms.keys()], forms).length === 0;
    });
  },
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
export const ruleNames = keysOf(rules);

/** The first rule that forbids a sentence. */
export const ruleAgainst = (...about: Parameters<Rule>): RuleName | undefined =>
  ruleNames.find((name) => {
    const rule: Rule = rules[name];
    return rule(...about);
  });

/** Whether a row has a column of these words, in which no number is. A part number, as HL-001, counts nothing. */
const isOneOf = (row: string, counted: readonly number[], words: readonly string[]): boolean => {
  const cells = row.split(" | ").map((cell) => cell.split(": "));
  const named = cells.filter(([name = ""]) => similarTo(tokensOf(name), counted, words).length > 0);
  const isAmount = ({ isNumber, small }: Token) => isNumber && !/^\p{L}.*\p{N}/u.test(small);
  return named.length > 0 && !named.some(([, ...value]) => tokensOf(value.join(": ")).some(isAmount));
};

const letterPairsMin = 3;
/** Whether these are no words, or so few pairs of letters that they say nothing. */
const saysNothing = (own: readonly number[], words: readonly string[]): boolean =>
  own.length < letterPairsMin && own.every((word) => isLetterPair(words[word]!));

/** The text of a chunk below its headings and the name of its document. */
const withLabels = (hit: Hit): string => [...labelsOf(hit), hit.chunk.text].join(" ");

/** Its words, kept for the sentences of the same hit. */
const tokensNear = (hit: Hit): readonly Token[] => {
  const tokens = kept.get(hit) ?? tokensOf(withLabels(hit));
  kept.set(hit, tokens);
  return tokens;
};
const kept = new WeakMap<Hit, readonly Token[]>();

/** A name as it is, or with the ending of a possessive or plural. */
const isFormOf = (name: string, small: string): boolean =>
  small.startsWith(name) && /^(?:['’]?s)?$/.test(small.slice(name.length));

/** Whether a family name follows a first name, at most one word later, or stands before it, as in a list. */
const isTogether = (tokens: readonly Token[], first: string, last: string): boolean =>
  tokens.some(({ small }, at) => {
    const next = tokens[at + 1]?.small ?? "";
    if (isFormOf(first, small)) return isFormOf(last, next) || isFormOf(last, tokens[at + 2]?.small ?? "");
    return isFormOf(last, small) && isFormOf(first, next);
  });

/** The first word of a sentence has a capital letter anyway; a rare one may be a name. A pronoun stands for one. */
const beginsWithName = ([first]: readonly Token[], words: readonly string[]): boolean =>
  first !== undefined &&
  (pronouns.test(first.small) || (wordWeight(first.small) >= rareWordWeight && !words.includes(first.small)));

/** Whether a name has another name before it. */
const isNamesake = (tokens: readonly Token[], name: string | undefined): boolean =>
  tokens.some(({ small }, at) => small === name && at > 0 && (at === 1 || tokens[at - 1]!.isName));
