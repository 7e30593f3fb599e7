import { countTokens as countAnew, setMergeCacheSize } from "gpt-tokenizer";
import { O200K_TOKEN_SPLIT_REGEX } from "gpt-tokenizer/encodingParams/constants";

/** A document may write the model's control words, such as <|endoftext|>; here they are words like others. */
const asWords = { disallowedSpecial: new Set<string>() };

// The encoder's own cache, once full, searches for its oldest entry among all that were removed: 20 s instead of 0.6 for five
// million letters (measured).
setMergeCacheSize(0);

const wordsKnownMax = 50_000;
/** V8 copies a piece this short; a longer one would keep the whole text it was cut from in memory. */
const wordCharsMax = 12;
const known = new Map<string, number>();

/**
 * Tokens of the text (o200k). They never cross the words that the encoding splits a text into, and words come again:
 * each is encoded once, which makes counting twice as fast. Of a word of more than `wordCharsExact` characters the count is
 * an upper bound.
 */
export const countTokens = (text: string): number => {
  let tokens = 0;
  for (const word of text.match(O200K_TOKEN_SPLIT_REGEX) ?? []) tokens += tokensOf(word);
  return tokens;
};

/**
 * Encoding a word takes time that grows with its square: a million letters without a space took a minute. A longer word,
 * such as Base64, is counted in pieces; a token that a cut divides counts twice, up to a tenth of them.
 */
const wordCharsExact = 256;
const pieceChars = 32;

const splitFrom = new RegExp(O200K_TOKEN_SPLIT_REGEX.source, "uy");

/**
 * Tokens of pieces of a text, each as `countTokens` has them, which would read the text again for every piece. Of the words
 * that the whole text is split into, a piece has all but the first and the last ones: the encoding looks no further ahead
 * than the next character, and no further back than the word.
 */
export const tokenCounter = (text: string): ((start: number, end: number) => number) => {
  const ends: number[] = [];
  /** Tokens from the first word to this one. */
  const totals: number[] = [];
  /** Ends of pieces of long words. */
  const cuts = new Set<number>();
  let [at, total] = [0, 0];
  for (const segment of segmentsOf(text))
    for (const word of segment.match(O200K_TOKEN_SPLIT_REGEX) ?? [])
      for (const piece of piecesOf(word)) {
        at += piece.length;
        total += tokensOf(piece);
        ends.push(at);
        totals.push(total);
        if (piece !== word) cuts.add(at);
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
    if (ends[first]! > end) return slowly();
    // Looking for the end of a long word in each of its pieces would take time that grows with its square.
    if (cuts.has(ends[first]!)) {
      head = tokensOf(text.slice(start, ends[first]));
      position = ends[first]!;
      first += 1;
    }
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
    return head + totals[last]! - (totals[before] ?? 0) + countTokens(text.slice(ends[last], end));
  };
};

/** The encoding's regular expression overflows the stack on a word of millions of letters. */
const segmentChars = 100_000;
const spaceSearchChars = 1_000;

/** The text in segments. They are cut before a single space, where every word ends, unless there is none. */
function* segmentsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + segmentChars, text.length);
    if (end < text.length) {
      const tail = text.slice(end - spaceSearchChars, end);
      const space = [...tail.matchAll(/(?<=\S) (?=\S)/gu)].at(-1)?.index;
      if (space !== undefined) end -= spaceSearchChars - space;
      else if (/[\udc00-\udfff]/.test(text[end]!)) end -= 1;
    }
    yield text.slice(at, end);
    at = end;
  }
}

const tokensOf = (word: string): number => known.get(word) ?? learn(word);

const learn = (word: string): number => {
  let tokens = 0;
  for (const piece of piecesOf(word)) tokens += countAnew(piece, asWords);
  if (known.size >= wordsKnownMax) known.clear();
  if (word.length <= wordCharsMax) known.set(word, tokens);
  return tokens;
};

/** The word, or the pieces of a long one. */
const piecesOf = (word: string): string[] => {
  if (word.length <= wordCharsExact) return [word];
  const pieces: string[] = [];
  for (let at = 0; at < word.length; at += pieceChars) pieces.push(word.slice(at, at + pieceChars));
  return pieces;
};
