const highlightsMax = 50;
const word = /[\p{L}\p{N}]+/gu;

/**
 * Finds the words of a text that start like a word of the query, each as `[start, end]`. The search compares stems; for
 * highlighting a common beginning is enough.
 */
export const highlighter = (query: string): ((text: string) => [number, number][]) => {
  const beginnings = Array.from(query.matchAll(word), ([found]) => found.slice(0, Math.max(4, found.length - 2)));
  if (beginnings.length === 0) return () => [];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${beginnings.join("|")})[\\p{L}\\p{N}]*`, "giu");
  return (text) =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }): [number, number] => [index, index + found.length])
      .filter(([start, end]) => end - start > 2)
      .slice(0, highlightsMax);
};
