import { countTokens as countAnew } from "gpt-tokenizer";
import { O200K_TOKEN_SPLIT_REGEX } from "gpt-tokenizer/encodingParams/constants";

/** A document may write the model's control words, such as <|endoftext|>; here they are words like others. */
const asWords = { disallowedSpecial: new Set<string>() };

const wordsKnownMax = 50_000;
/** V8 copies a piece this short; a longer one would keep the whole text it was cut from in memory. */
const wordCharsMax = 12;
const known = new Map<string, number>();

/**
 * Tokens of the text (o200k). They never cross the words that the encoding splits a text into, and words come again:
 * each is encoded once, which makes counting twice as fast.
 */
export const countTokens = (text: string): number => {
  let tokens = 0;
  for (const word of text.match(O200K_TOKEN_SPLIT_REGEX) ?? []) tokens += tokensOf(word);
  return tokens;
};

/** Longer words are left for when they are asked for: encoding one takes time that grows with its square. */
const wordCharsEager = 1_000;
const splitFrom = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, "uy");

/**
 * Tokens of pieces of a text, each as `countTokens` has them, which would read the text again for every piece. Of the words
 * that the whole text is split into, a piece has all but the first and the last ones: the encoding looks no further ahead
 * than the next character, and no further back than the word.
 */
export const tokenCounter = (text: string): ((start: number, end: number) => number) => {
  const ends: number[] = [];
  /** Tokens, and long words that were not counted, from the first word to this one. */
  const totals: number[] = [];
  const uncounted: number[] = [];
  let [at, total, long] = [0, 0, 0];
  for (const word of text.match(O200K_TOKEN_SPLIT_REGEX) ?? []) {
    at += word.length;
    if (word.length > wordCharsEager) long += 1;
    else total += tokensOf(word);
    ends.push(at);
    totals.push(total);
    uncounted.push(long);
  }
  /** The first word that ends behind the position. */
  const wordAt = (position: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (start, end) => {
    const slowly = () => countTokens(text.slice(start, end));
    // How spaces are split depends on what follows them.
    if (start >= end || /\s/.test(text[end - 1]!)) return slowly();
    let head = 0;
    let position = start;
    let first = wordAt(start);
    // A piece that begins within a word is split by itself until both end a word at the same place.
    while (position !== (ends[first - 1] ?? 0)) {
      splitFrom.lastIndex = position;
      const [word] = splitFrom.exec(text)!;
      position += word.length;
      if (position > end) return slowly();
      head += tokensOf(word);
      while (ends[first]! <= position) first += 1;
    }
    const last = wordAt(end) - 1;
    if (last < first) return head + countTokens(text.slice(position, end));
    const before = first - 1;
    if (uncounted[last]! !== (uncounted[before] ?? 0)) return slowly();
    return head + totals[last]! - (totals[before] ?? 0) + countTokens(text.slice(ends[last], end));
  };
};

const tokensOf = (word: string): number => known.get(word) ?? learn(word);

const learn = (word: string): number => {
  const tokens = countAnew(word, asWords);
  if (known.size >= wordsKnownMax) known.clear();
  if (word.length <= wordCharsMax) known.set(word, tokens);
  return tokens;
};
