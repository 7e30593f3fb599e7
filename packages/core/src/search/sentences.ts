export type Span = { start: number; end: number };

const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });

/** The sentences of a text in any language, without surrounding white space. */
export const sentencesOf = (text: string): Span[] =>
  [...segmenter.segment(unwrapped(text))].flatMap(({ index, segment }) => {
    const sentence = segment.trim();
    const start = index + segment.indexOf(sentence);
    return sentence === "" ? [] : [{ start, end: start + sentence.length }];
  });

/** Shorter lines are those of an address or a list. */
const wrappedCharsMin = 50;
/** Lines of a table, or with a label as in "Phone: 12". A row of comma-separated values is one long word. */
const rowLike = /[|\t]|\S {2}|^(?:[^\s:]{1,30} ){0,3}[^\s:]{1,30}: /;
const firstWord = /^\S{1,40}(?!\S)/;

/** Joins the lines of paragraphs that were wrapped. Other lines end a sentence, as in a table. */
const unwrapped = (text: string): string =>
  text
    .split("\n\n")
    .map((paragraph) => paragraph.replaceAll(isWrapped(paragraph) ? /\n(?=[\p{L}\p{N}(“„"])/gu : /\n(?=\p{Ll})/gu, " "))
    .join("\n\n");

/** Whether the first word of each line had no place at the end of the line before. */
const isWrapped = (paragraph: string): boolean => {
  const lines = paragraph.trim().split("\n");
  const width = lines.reduce((most, { length }) => Math.max(most, length), 0);
  if (width < wrappedCharsMin) return false;
  return lines.every((line, at) => {
    const before = lines[at - 1];
    const [first] = firstWord.exec(line) ?? [];
    return (
      before === undefined || (first !== undefined && !rowLike.test(line) && before.length + 1 + first.length > width)
    );
  });
};
