/** A parsed query. A hit must contain each phrase `"…"` word for word, and no excluded `-word` or `-"…"`. */
export type ParsedQuery = {
  /** All words to search for, those of phrases included. */
  words: string;
  phrases: string[];
  excluded: string[];
  /** An incomplete last word; empty when all words are complete. */
  beginning: string;
};

/** A quotation mark that is not closed is part of a word. */
const part = /(?<sign>(?<=^|\s)-)?(?:"(?<phrase>[^"]+)"|(?<word>\S+))/gu;

/** `endsOpen`: the last word may be incomplete. */
export const parseQuery = (query: string, endsOpen = false): ParsedQuery => {
  const included: string[] = [];
  const phrases: string[] = [];
  const excluded: string[] = [];
  for (const { groups } of query.matchAll(part)) {
    // The groups of `part`; each match has a phrase or a word.
    const { sign, phrase, word } = groups as { sign?: string; phrase?: string; word?: string };
    const text = phrase ?? word ?? "";
    if (sign && hasLetters.test(text)) excluded.push(text);
    else {
      included.push(text);
      if (phrase) phrases.push(text);
    }
  }
  const words = included.join(" ");
  return { words, phrases, excluded, beginning: endsOpen ? words.slice(words.lastIndexOf(" ") + 1) : "" };
};

/** "-" and "--" exclude nothing. */
const hasLetters = /[\p{L}\p{N}]/u;
