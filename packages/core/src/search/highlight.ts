const highlightsMax = 50;

/** Words of the text that start like a word of the query: the stem decides in SQL, a shared beginning is enough to show. */
export const highlight = (text: string, query: string): [number, number][] => {
  const wanted = words(query).map(({ word }) => word.slice(0, Math.max(4, word.length - 2)));
  return words(text)
    .filter(({ word }) => word.length > 2 && wanted.some((beginning) => word.startsWith(beginning)))
    .slice(0, highlightsMax)
    .map(({ start, end }) => [start, end]);
};

const words = (text: string) =>
  [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    word: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
