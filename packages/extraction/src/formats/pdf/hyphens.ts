/** How often the words of a document occur, with and without a hyphen. */
export type Words = (word: string) => number;

/** A word that may be cut at the end of a line: its part there, and its part on the next line. */
const cutEnd = /(?<![\p{L}\p{N}])([\p{L}][\p{L}\p{M}'’]*(?:-[\p{L}\p{M}]+)*)[-\u2010\u00ad]$/u;
/** A search for the part from each of its hyphens would take long in a longer text. */
const wordCharsMax = 100;
const cutStart = /^[\p{L}\p{M}'’]+/u;

/** First parts of compounds that are hardly ever the first syllables of a longer word. */
const compoundStarts = /^(?:self|twin|quasi|well|two|three|four|five|six|seven|eight|nine|ten)$/i;
/** Words after a hyphen that stands for the rest of a compound, as in "Ein- und Ausgang". */
const suspended = /^(?:und|oder|bzw|and|or|to|y|o|e|ed|et|ou|en|of|och|og|i|lub)$/i;

/**
 * Joins a line and the next one of the same paragraph. A hyphen between a letter and a small letter is dropped, unless
 * the compound occurs elsewhere in the document with its hyphen and never without it, or begins with a word such as
 * "twin". Other hyphens stay, without a space: "2031-2032", "COVID-19".
 */
export const joinLines = (text: string, next: string, words: Words): string => {
  const last = text.at(-1);
  if (last !== "-" && last !== "\u2010" && last !== "\u00ad") {
    const isIdeographic = ideograph.test(text.slice(-1)) && ideograph.test(next.slice(0, 1));
    return isIdeographic ? text + next : `${text} ${next}`;
  }
  const start = cutEnd.exec(text.slice(-wordCharsMax))?.[1];
  const rest = cutStart.exec(next)?.[0];
  if (start && rest && /^\p{Ll}/u.test(rest)) {
    if (suspended.test(rest)) return `${text} ${next}`;
    const bare = text.slice(0, -1);
    if (last === "\u00ad" || words(start + rest) > 0) return bare + next;
    const isCompound =
      words(`${start}-${rest}`) > 0 || (compoundStarts.test(start) && rest.length >= 4) || start.includes("-");
    return isCompound ? `${bare}-${next}` : bare + next;
  }
  if (start && rest && words(start + rest) > 0 && words(`${start}-${rest}`) === 0) return text.slice(0, -1) + next;
  // A dash after a space is punctuation.
  return /[\p{L}\p{N}]$/u.test(text.slice(0, -1)) && /^[\p{L}\p{N}]/u.test(next) ? text + next : `${text} ${next}`;
};

/** Scripts without spaces. Korean has spaces. */
const ideograph = /[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uff60]/;

/** Counts the words of the document that `joinLines` asks for. */
export const wordsOf = (lines: Iterable<string>): Words => {
  const wanted = new Map<string, number>();
  let above = "";
  const texts: string[] = [];
  for (const line of lines) {
    texts.push(line);
    const start = /[-\u2010]$/.test(above) ? cutEnd.exec(above.slice(-wordCharsMax))?.[1] : undefined;
    const rest = start ? cutStart.exec(line)?.[0] : undefined;
    if (start && rest) {
      wanted.set((start + rest).toLowerCase(), 0);
      wanted.set(`${start}-${rest}`.toLowerCase(), 0);
    }
    above = line;
  }
  if (wanted.size > 0)
    for (const text of texts)
      for (const [word] of text.matchAll(/\p{L}[\p{L}\p{M}'’]*(?:-[\p{L}\p{M}]+)*/gu)) {
        const key = word.toLowerCase();
        const count = wanted.get(key);
        if (count !== undefined) wanted.set(key, count + 1);
      }
  return (word) => wanted.get(word.toLowerCase()) ?? 0;
};
