import { type Angle, type Characters, lineEndHyphen, type Style } from "./characters.ts";
import type { Area, Fragment } from "./layout.ts";
import type { Box } from "./shapes.ts";

/** A gap that is wider, in parts of the font size, may be a gap between columns. */
const gapMax = 0.6;

/** A box of the page in a frame in which text of the angle runs to the right and its lines go down. */
export const inFrame = (angle: Angle, { left, right, bottom, top }: Box): Area => {
  if (angle === 90) return { left: bottom, right: top, top: left, bottom: right };
  if (angle === 180) return { left: -right, right: -left, top: bottom, bottom: top };
  if (angle === 270) return { left: -top, right: -bottom, top: -right, bottom: -left };
  return { left, right, top: -top, bottom: -bottom };
};

/** The height of a baseline in the frame of its angle. */
const baselineOf = ({ angle, x, y }: Style): number => {
  if (angle === 90) return x;
  if (angle === 180) return y;
  return angle === 270 ? -x : -y;
};

/** The angle of most characters. */
export const mainAngle = ({ count, styleOf, styles }: Characters): Angle => {
  const angle = styles[0]?.angle ?? 0;
  if (styles.every((style) => style.angle === angle)) return angle;
  const ofStyle = new Uint32Array(styles.length);
  for (let at = 0; at < count; at++) if (styleOf[at]! >= 0) ofStyle[styleOf[at]!]! += 1;
  const counts = new Map<Angle, number>();
  for (const [at, { angle }] of styles.entries()) counts.set(angle, (counts.get(angle) ?? 0) + ofStyle[at]!);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
};

export const isRightToLeft = (code: number): boolean =>
  (code >= 0x590 && code <= 0x8ff) || (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfeff);

const isIdeograph = (code: number): boolean =>
  (code >= 0x2e80 && code <= 0xd7af) || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xffef);

/** Whether the text must stay in PDFium's order: it is mostly written from right to left or from top to bottom. */
export const isPlainOnly = ({ count, codes, boxes, styleOf, styles }: Characters): boolean => {
  let letters = 0;
  let rightToLeft = 0;
  let downwards = 0;
  let ideographs = 0;
  for (let at = 0; at < count; at++) {
    const code = codes[at]!;
    if (code <= 0x40) continue;
    letters += 1;
    if (code < 0x590) continue;
    if (isRightToLeft(code)) rightToLeft += 1;
    else if (isIdeograph(code) && at > 0 && styleOf[at] === styleOf[at - 1] && styles[styleOf[at]!]?.angle === 0) {
      ideographs += 1;
      const dx = Math.abs(boxes[at * 4]! - boxes[at * 4 - 4]!);
      const dy = Math.abs(boxes[at * 4 + 1]! - boxes[at * 4 - 3]!);
      if (dy > dx) downwards += 1;
    }
  }
  return rightToLeft > letters * 0.1 || (downwards > letters * 0.1 && downwards > ideographs * 0.5);
};

/**
 * Joins the characters to fragments, per angle of their text. A vertical ruling between two characters (`rulings`, in the
 * frame of the angle) separates them, however narrow the gap is. A raised number after a number is a number of its own.
 *
 * @param isLeftOut 1 for a character that is hidden or unreadable
 */
export const fragmentsOf = (
  { count, codes, boxes, styleOf, styles }: Characters,
  isLeftOut: Uint8Array | undefined,
  rulings: (angle: Angle) => readonly Area[],
): Map<Angle, Fragment[]> => {
  const byAngle = new Map<Angle, Fragment[]>();
  // A page that failed may have left some.
  units.take();
  let current: Fragment | undefined;
  let angle: Angle = 0;
  let lines = rulings(angle);
  let style = -1;
  let font = styles[0]?.font;
  let size = 0;
  let baseline = 0;
  let top = 0;
  let bottom = 0;
  let isSpace = false;
  let isLineEnd = false;
  let bold = 0;
  let mono = 0;
  let length = 0;
  let isLastRightToLeft = false;
  let isLastDigit = false;
  let isRaised = false;
  for (let at = 0; at < count; at++) {
    const code = codes[at]!;
    const nextStyle = styleOf[at]!;
    if (nextStyle < 0 || code === 0x20 || code === 0xa0 || code === 9 || code === 10 || code === 13) {
      if (code === 10 || code === 13) isLineEnd = true;
      isSpace = true;
      continue;
    }
    if (isLeftOut?.[at]) {
      isSpace = true;
      continue;
    }
    if (nextStyle !== style) {
      style = nextStyle;
      const placed = styles[nextStyle]!;
      const next = baselineOf(placed);
      isRaised = placed.size < 0.85 * size && next < baseline - 0.15 * size;
      size = placed.size;
      font = placed.font;
      baseline = next;
      top = baseline - 0.75 * size;
      bottom = baseline + 0.22 * size;
      if (placed.angle !== angle) {
        if (current) finish(current, bold, mono, length);
        current = undefined;
        angle = placed.angle;
        lines = rulings(angle);
      }
    }
    // The extent in reading direction: `inFrame` without an object for each character.
    const first = angle === 90 ? 3 : angle === 180 ? 2 : angle === 270 ? 1 : 0;
    const sign = angle === 180 || angle === 270 ? -1 : 1;
    const left = sign * boxes[at * 4 + first]!;
    const right = sign * boxes[at * 4 + ((first + 2) % 4)]!;
    const rightToLeft = code >= 0x590 && isRightToLeft(code);
    if (current) {
      const overlap = Math.min(bottom, current.bottom) - Math.max(top, current.top);
      const height = Math.min(bottom - top, current.bottom - current.top);
      const gap = left - current.right;
      const unit = Math.max(size, current.size);
      const isBidi = rightToLeft || isLastRightToLeft;
      const isApart =
        angle === "oblique"
          ? isLineEnd
          : isLineEnd ||
            overlap < height * 0.3 ||
            (!isBidi && (gap > gapMax * unit || right < current.right - 2 * unit)) ||
            (isSpace && lines.length > 0 && isRuled(lines, current, left));
      if (isApart) {
        finish(current, bold, mono, length);
        current = undefined;
      }
    }
    if (!current) {
      current = {
        text: "",
        left,
        right,
        top,
        bottom,
        size,
        isBold: false,
        isMono: false,
        order: at,
        isAfterSpace: isSpace,
      };
      const group = byAngle.get(angle);
      if (group) group.push(current);
      else byAngle.set(angle, [current]);
      bold = 0;
      mono = 0;
      length = 0;
    } else if (isSpace || (isRaised && isLastDigit && isDigit(code))) units.add(0x20);
    isRaised = false;
    isLastDigit = isDigit(code);
    units.add(code === lineEndHyphen ? hyphen : code);
    length += 1;
    if (font?.isBold) bold += 1;
    if (font?.isMono) mono += 1;
    if (left < current.left) current.left = left;
    if (right > current.right) current.right = right;
    if (size > current.size) {
      current.size = size;
      current.top = top;
      current.bottom = bottom;
    }
    isSpace = false;
    isLineEnd = false;
    isLastRightToLeft = rightToLeft;
  }
  if (current) finish(current, bold, mono, length);
  return byAngle;
};

/** Whether a vertical ruling lies between the fragment and the next character. */
const isRuled = (rulings: readonly Area[], fragment: Area, next: number): boolean => {
  const middle = (fragment.top + fragment.bottom) / 2;
  return rulings.some(
    ({ left, right, top, bottom }) =>
      top <= middle && bottom >= middle && left >= fragment.right - 1.5 && right <= next + 1.5,
  );
};

const hyphen = 0x2d;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** The text of a fragment: adding characters to a string one by one takes 32 bytes for each. */
class Units {
  #units = new Uint16Array(1024);
  #count = 0;

  add(code: number): void {
    if (this.#count + 2 > this.#units.length) {
      const larger = new Uint16Array(this.#units.length * 2);
      larger.set(this.#units);
      this.#units = larger;
    }
    if (code > 0xffff && code <= 0x10ffff) {
      this.#units[this.#count++] = 0xd800 + ((code - 0x10000) >> 10);
      this.#units[this.#count++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
    } else this.#units[this.#count++] = code;
  }

  /** Returns the text and starts the next one. */
  take(): string {
    const units = this.#units.subarray(0, this.#count);
    this.#count = 0;
    if (units.length <= 4096) return String.fromCharCode.apply(null, units as unknown as number[]);
    return Buffer.from(units.buffer, units.byteOffset, units.length * 2).toString("utf16le");
  }
}

/** One for all pages, which a thread reads one after the other. */
const units = new Units();

const finish = (fragment: Fragment, bold: number, mono: number, length: number): void => {
  fragment.text = units.take();
  fragment.isBold = bold * 2 > length;
  fragment.isMono = mono * 2 > length;
};
