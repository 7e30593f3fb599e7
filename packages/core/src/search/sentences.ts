export type Span = { start: number; end: number };

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** The sentences of a text in any language, without the space around them. */
export const sentencesOf = (text: string): Span[] =>
  [...segmenter.segment(unwrapped(text))].flatMap(({ index, segment }) => {
    const sentence = segment.trim();
    const start = index + segment.indexOf(sentence);
    return sentence === "" ? [] : [{ start, end: start + sentence.length }];
  });

/** A line that goes on in small letters was wrapped; any other end of a line is the end of what it says, as in a table. */
const unwrapped = (text: string): string => text.replace(/\n(?=\p{Ll})/gu, " ");

/** The sentences that a span touches, which holds more than space, as one span. */
export const wholeSentences = (text: string, { start, end }: Span): Span => {
  const touched = sentencesOf(text).filter((sentence) => sentence.start < end && sentence.end > start);
  return { start: touched[0]!.start, end: touched.at(-1)!.end };
};
