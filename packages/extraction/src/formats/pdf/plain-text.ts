import { type Characters, lineEndHyphen } from "./characters.ts";
import { isRightToLeft } from "./fragments.ts";

/** A character; one of turned text and a space that PDFium adds have no place. */
type Sign = { text: string; left: number | undefined };
type Word = { signs: Sign[]; isSpace: boolean; isRightToLeft: boolean };

/**
 * The text in PDFium's order and lines, without the characters that are left out. PDFium joins words across line ends by
 * itself.
 */
export const plainTextOf = (
  { count, codes, boxes, styleOf, styles }: Characters,
  isLeftOut: Uint8Array | undefined,
): string => {
  const parts: string[] = [];
  let line: Sign[] = [];
  let isMixed = false;
  const finish = () => {
    parts.push(isMixed ? mixedLine(line) : line.map(({ text }) => text).join(""));
    line = [];
    isMixed = false;
  };
  let isJoined = false;
  for (let at = 0; at < count; at++) {
    const code = codes[at]!;
    if (isLeftOut?.[at]) continue;
    const isLineEnd = code === 10 || code === 13;
    if (isLineEnd) finish();
    if (code === lineEndHyphen) isJoined = true;
    else if (isLineEnd) {
      if (!isJoined) parts.push(String.fromCodePoint(code));
    } else {
      isJoined = false;
      isMixed ||= isRightToLeft(code);
      const left = styles[styleOf[at]!]?.angle === 0 ? boxes[at * 4]! : undefined;
      line.push({ text: String.fromCodePoint(Math.min(code, 0x10ffff)), left });
    }
  }
  finish();
  return parts.join("");
};

/**
 * A line of right-to-left text. Where the file has it as it is seen, PDFium turns Latin words that follow each other around, and
 * the sign after them or after a number, as if each of them were right-to-left text.
 */
const mixedLine = (signs: readonly Sign[]): string => {
  const words: Word[] = [];
  for (const sign of signs) {
    const last = words.at(-1);
    const isSpace = /^\s$/.test(sign.text);
    const isOther = isRightToLeft(sign.text.codePointAt(0)!);
    if (!last || isSpace || last.isSpace) words.push({ signs: [sign], isSpace, isRightToLeft: isOther });
    else {
      last.signs.push(sign);
      last.isRightToLeft ||= isOther;
    }
  }
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (end < words.length && !words[end]!.isRightToLeft) end += 1;
    const places = words.slice(start, end).flatMap(({ isSpace }, at) => (isSpace ? [] : [start + at]));
    const own = places.map((at) => words[at]!);
    if (own.some((word) => word.signs.some(({ text }) => latin.test(text)))) {
      const sorted = own.toSorted((a, b) => leftOf(a) - leftOf(b));
      moveSign(sorted[0]!, sorted.at(-1)!);
      for (const [at, word] of sorted.entries()) words[places[at]!] = word;
    } else for (const word of own) moveSign(word, word);
    start = end;
  }
  return words.flatMap((word) => word.signs.map(({ text }) => text)).join("");
};

const latin = /\p{Script=Latin}/u;

const leftOf = ({ signs }: Word): number =>
  signs.reduce((min, { left }) => Math.min(min, left ?? min), Number.POSITIVE_INFINITY);

/** A sign of the sentence that stands left of the words is the end of them. */
const moveSign = (first: Word, last: Word): void => {
  const left = leftOf(first);
  const at = first.signs.findIndex((sign) => sign.left === left);
  if (at === -1 || first.signs.length === 1 || !/[.,:;!?]/.test(first.signs[at]!.text)) return;
  last.signs.push(...first.signs.splice(at, 1));
};
