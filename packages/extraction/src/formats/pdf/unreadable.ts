import { type Characters, type Font, lineEndHyphen } from "./characters.ts";

/** What the characters of a page show that have no Unicode value. */
export type Unreadable = {
  /** 1 for a character that must not be indexed. */
  flags: Uint8Array;
  count: number;
  /** Most of the page's characters are unreadable. */
  isMost: boolean;
};

/**
 * Finds the characters whose Unicode value is unknown: PDFium then gives their code in the font, often the number of a
 * glyph, which looks like enciphered text ("7KH GHSRVLW"). Fonts with such characters are judged by their whole text on
 * the page, since a code may be ASCII although the font does not say so.
 */
export const findUnreadable = (characters: Characters): Unreadable => {
  const { count, codes, isUnmapped, styleOf, styles } = characters;
  const flags = new Uint8Array(count);
  const suspects = new Map<Font, { sample: number[]; controls: number; unmapped: number; isReadable?: boolean }>();
  for (let at = 0; at < count; at++) {
    const code = codes[at]!;
    if (isUnmapped[at] === 0 && code >= 0x20 && code < 0x7f) continue;
    if (isUnmapped[at] === 0 && !isControl(code) && !isPrivate(code)) continue;
    const font = styles[styleOf[at]!]?.font;
    if (font && !suspects.has(font)) suspects.set(font, { sample: [], controls: 0, unmapped: 0 });
  }
  if (suspects.size === 0) return { flags, count: 0, isMost: false };
  const suspectOf = styles.map(({ font }) => suspects.get(font));
  let shown = 0;
  for (let at = 0; at < count; at++) {
    const style = styleOf[at]!;
    if (style < 0) continue;
    shown += 1;
    const suspect = suspectOf[style];
    if (!suspect) continue;
    const code = codes[at]!;
    if (isControl(code)) suspect.controls += 1;
    suspect.unmapped += isUnmapped[at]!;
    if (suspect.sample.length < sampleCharsMax) suspect.sample.push(code);
  }
  decodeUtf8(characters);
  for (const suspect of suspects.values()) {
    // Some fonts map only their ligatures to control characters; the rest of their text is readable.
    const sample = suspect.sample.filter((code) => !isControl(code));
    suspect.isReadable = isLikeText(sample) || (suspect.unmapped === 0 && isOtherScript(sample));
  }
  let unreadable = 0;
  for (let at = 0; at < count; at++) {
    const style = styleOf[at]!;
    const suspect = style < 0 ? undefined : suspectOf[style];
    if (!suspect) continue;
    const code = codes[at]!;
    const isBad =
      isControl(code) ||
      isPrivate(code) ||
      code === 0xfffd ||
      (!suspect.isReadable && (isUnmapped[at] === 1 || suspect.controls * controlShare > suspect.sample.length));
    if (!isBad) continue;
    const sign = signOf(code, styles[style]!.font);
    if (sign !== undefined) {
      codes[at] = sign;
      continue;
    }
    flags[at] = 1;
    unreadable += 1;
  }
  return { flags, count: unreadable, isMost: unreadable * 2 > shown };
};

/** Replaces codes that are UTF-8 in two bytes, which libHaru writes without a map to Unicode. */
const decodeUtf8 = ({ count, codes, isUnmapped }: Characters): void => {
  let unmapped = 0;
  let pairs = 0;
  const isPair = (code: number) => code >= 0xc280 && code <= 0xdfbf && (code & 0xc0) === 0x80;
  for (let at = 0; at < count; at++) {
    if (isUnmapped[at] === 0) continue;
    unmapped += 1;
    if (isPair(codes[at]!)) pairs += 1;
  }
  if (pairs < 8 || pairs < unmapped * 0.9) return;
  for (let at = 0; at < count; at++) {
    const code = codes[at]!;
    if (isUnmapped[at] === 0 || (!isPair(code) && code < 0x2000)) continue;
    if (isPair(code)) codes[at] = ((code >> 2) & 0x7c0) | (code & 0x3f);
    isUnmapped[at] = 0;
  }
};

const sampleCharsMax = 4000;
/** A font in which one of this many characters is a control character has glyph numbers instead of characters. */
const controlShare = 50;

const isControl = (code: number): boolean =>
  (code < 0x20 && code !== 9 && code !== 10 && code !== 13 && code !== lineEndHyphen) || (code >= 0x7f && code < 0xa0);

const isPrivate = (code: number): boolean =>
  (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000 || code === 0xfffd || code === 0;

const symbolBullet = 0xf0b7;
/** The signs of Wingdings that list items and check boxes begin with. */
const wingdings = new Map([
  [0xf06f, "□"],
  [0xf071, "❑"],
  [0xf076, "❖"],
  [0xf09f, "•"],
  [0xf0a7, "▪"],
  [0xf0a8, "◻"],
  [0xf0d8, "➢"],
  [0xf0e0, "→"],
  [0xf0fb, "✗"],
  [0xf0fc, "✓"],
  [0xf0fd, "☒"],
  [0xf0fe, "☑"],
]);

/** The character that a private code stands for, if it is known. */
const signOf = (code: number, { isWingdings }: Font): number | undefined =>
  code === symbolBullet ? 0x2022 : isWingdings ? wingdings.get(code)?.codePointAt(0) : undefined;

/** Whether codes are words of a language in Latin script: mostly letters, with vowels, and capitals only at the start of words. */
const isLikeText = (codes: readonly number[]): boolean => {
  const text = String.fromCodePoint(...codes.filter((code) => code <= 0x10ffff)).replace(/\s+/g, " ");
  const letters = text.match(/[A-Za-zÀ-ÿ]/g)?.length ?? 0;
  const signs = text.replaceAll(" ", "").length;
  if (letters < 4 || letters < signs * 0.6) return false;
  const vowels = text.match(/[aeiouyà-æè-ïò-öù-ý]/gi)?.length ?? 0;
  const capitalsInWords = text.match(/[a-zà-ÿ][A-ZÀ-Þ]/g)?.length ?? 0;
  return vowels > letters * 0.25 && vowels < letters * 0.6 && capitalsInWords <= letters * 0.04;
};

/** Whether most codes are letters outside of ASCII, which a font without a map to Unicode does not give by accident. */
const isOtherScript = (codes: readonly number[]): boolean =>
  codes.filter((code) => code > 0x17f && code < 0x10ffff && /\p{L}/u.test(String.fromCodePoint(code))).length >
  codes.length / 2;
