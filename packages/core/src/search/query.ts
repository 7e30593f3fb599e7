/** A query as it was typed, taken apart: `"…"` must be there as it stands, `-word` and `-"…"` must not. */
export type ParsedQuery = {
  /** What is looked for, phrases included. */
  words: string;
  phrases: string[];
  excluded: string[];
  /** A word of which only the beginning is there; empty when there is none. */
  beginning: string;
};

/** A quote that is not closed is a word like any other. */
const part = /(?<sign>(?<=^|\s)-)?(?:"(?<phrase>[^"]+)"|(?<word>\S+))/gu;

/** `endsOpen` says that the last word may go on. */
export const parseQuery = (query: string, endsOpen = false): ParsedQuery => {
  const wanted: string[] = [];
  const phrases: string[] = [];
  const excluded: string[] = [];
  for (const { groups } of query.matchAll(part)) {
    const { sign, phrase, word } = groups as { sign?: string; phrase?: string; word?: string };
    const text = (phrase ?? word)!;
    if (sign && hasLetters.test(text)) excluded.push(text);
    else {
      wanted.push(text);
      if (phrase) phrases.push(text);
    }
  }
  const words = wanted.join(" ");
  return { words, phrases, excluded, beginning: endsOpen ? words.slice(words.lastIndexOf(" ") + 1) : "" };
};

/** "-" and "--" stand for themselves. */
const hasLetters = /[\p{L}\p{N}]/u;
