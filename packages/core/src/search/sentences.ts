export type Span = { start: number; end: number };

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** The sentences of a text in any language, without surrounding white space. */
export const sentencesOf = (text: string): Span[] =>
  [...segmenter.segment(unwrapped(text))].flatMap(({ index, segment }) => {
    const sentence = segment.trim();
    const start = index + segment.indexOf(sentence);
    return sentence === "" ? [] : [{ start, end: start + sentence.length }];
  });

/** Joins a line that starts with a small letter to the line before, which was wrapped. Other lines end a sentence, as in a table. */
const unwrapped = (text: string): string => text.replace(/\n(?=\p{Ll})/gu, " ");
