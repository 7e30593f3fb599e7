import type { Characters } from "./characters.ts";
import type { Box, Shapes } from "./shapes.ts";

/** Pictures that cover this share of a page are a scan, and invisible text on them is its recognised text. */
export const scanShare = 0.5;
/** White text on a page with more shapes is taken as visible. */
const comparisonsMax = 20_000_000;

/**
 * Finds text that a reader of the page does not see: invisible text that does not lie over a scan, text outside of the
 * page, white text on white, and text of the styles in `concealed`.
 *
 * @returns 1 for each hidden character
 */
export const findHidden = (
  characters: Characters,
  page: Box,
  shapes: () => Shapes,
  concealed: ReadonlySet<number>,
): Uint8Array | undefined => {
  const { count, codes, boxes, styleOf, styles } = characters;
  let isScan: boolean | undefined;
  let comparisons = 0;
  const isStyleHidden = styles.map((style, at) => {
    if (concealed.has(at)) return true;
    if (style.isInvisible) {
      isScan ??= shareOf(shapes().pictures, page) >= scanShare;
      return !isScan;
    }
    if (!style.isWhite || shapes().isPartial) return false;
    comparisons += shapes().fills.length + shapes().pictures.length;
    if (comparisons > comparisonsMax) return false;
    const [x, y] = [style.x, style.y];
    const margin = style.size;
    const covers = (box: Box) =>
      box.left - margin < x && box.right + margin > x && box.bottom - margin < y && box.top + margin > y;
    return !shapes().fills.some((fill) => !fill.isWhite && covers(fill)) && !shapes().pictures.some(covers);
  });
  const isAnyHidden = isStyleHidden.includes(true);
  const { left, right, bottom, top } = page;
  let hidden: Uint8Array | undefined;
  for (let at = 0; at < count; at++) {
    const from = at * 4;
    const charLeft = boxes[from]!;
    const charTop = boxes[from + 1]!;
    const charRight = boxes[from + 2]!;
    const charBottom = boxes[from + 3]!;
    const isInside = charLeft >= left && charRight <= right && charBottom >= bottom && charTop <= top;
    if (isInside && !isAnyHidden) continue;
    const style = styleOf[at]!;
    if (style < 0 || codes[at] === 0x20) continue;
    const x = (charLeft + charRight) / 2;
    const y = (charTop + charBottom) / 2;
    if (!isStyleHidden[style] && x >= left && x <= right && y >= bottom && y <= top) continue;
    hidden ??= new Uint8Array(count);
    hidden[at] = 1;
  }
  return hidden;
};

/** The share of the page that pictures cover. Overlapping pictures count twice, which is harmless for scans in strips. */
export const shareOf = (pictures: readonly Box[], page: Box): number => {
  const area = (box: Box) => Math.max(0, box.right - box.left) * Math.max(0, box.top - box.bottom);
  const covered = pictures.reduce(
    (sum, box) =>
      sum +
      area({
        left: Math.max(box.left, page.left),
        right: Math.min(box.right, page.right),
        bottom: Math.max(box.bottom, page.bottom),
        top: Math.min(box.top, page.top),
      }),
    0,
  );
  return covered / Math.max(1, area(page));
};
