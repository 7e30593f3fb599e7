import type { Cell, DocumentBlock } from "../model.ts";
import type { ColumnNames } from "./continued-tables.ts";
import { joinLines, type Words } from "./hyphens.ts";
import type { Line, PageText } from "./layout.ts";
import { hasCornerHeader } from "./table-header.ts";

/** What the blocks of a page depend on besides the page. */
export type Style = { bodySize: number; isMonoBody: boolean; headingSizes: number[]; words: Words };

/** Text that is so much larger than the body is a heading when it is short. */
const headingRatio = 1.15;
const headingCharsMax = 200;
const headingLinesMax = 3;
/** Of a document's text; more large text is the text itself, as on slides. */
const headingShareMax = 0.25;

/** The size of most of the text, and the sizes of headings from the largest. */
export const styleOf = (pages: readonly PageText[], words: Words): Style => {
  const chars = new Map<number, number>();
  let mono = 0;
  let all = 0;
  for (const { lines, isPlain } of pages) {
    if (isPlain) continue;
    for (const { text, size, isMono } of lines) {
      const rounded = Math.round(size * 2) / 2;
      chars.set(rounded, (chars.get(rounded) ?? 0) + text.length);
      all += text.length;
      if (isMono) mono += text.length;
    }
  }
  const bodySize = [...chars].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
  const headings = [...chars].filter(([size]) => size >= bodySize * headingRatio).sort(([a], [b]) => b - a);
  const share = headings.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, all);
  return {
    bodySize,
    isMonoBody: mono > all * 0.6,
    headingSizes: share > headingShareMax ? [] : headings.map(([size]) => size),
    words,
  };
};

/** Signs that only lists begin with, and numbers that a sentence may begin with, too. */
const bullet = /^[•▪▫◦‣⁃●○■□➢❖✓☐☑·]\s*\S/u;
const number = /^(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\[\d{1,3}\]|[–—*-])\s+\S/iu;

/** The dots before a page number in a table of contents. */
const leader = /(?:\. ?){4,}[^\p{L}]{0,8}$/u;

type Block = { lines: Line[]; text: string; role: Role };
type Role = "heading" | "code" | "text" | "list";

/** Joins the lines of a page to paragraphs, list items, headings, tables and program text. */
export const blocksOf = (
  lines: readonly Line[],
  style: Style,
  continued: ReadonlyMap<Line, ColumnNames> = new Map(),
): DocumentBlock[] => {
  const blocks: DocumentBlock[] = [];
  const edges = rightEdges(lines);
  let block: Block | undefined;
  const close = () => {
    if (block) blocks.push(...finished(block, style));
    block = undefined;
  };
  for (const [at, line] of lines.entries()) {
    if (line.table) {
      close();
      blocks.push(tableOf(line.table, continued.get(line)));
      continue;
    }
    if (line.text.trim() === "") {
      close();
      continue;
    }
    const joint = block ? jointOf(block, line, edges[at - 1]!, style) : "block";
    if (!block || joint === "block") {
      close();
      block = { lines: [line], text: line.text, role: roleOf(line, style) };
    } else {
      block.text = joint === "space" ? joinLines(block.text, line.text, style.words) : `${block.text}\n${line.text}`;
      block.lines.push(line);
    }
  }
  close();
  return blocks;
};

/** `names`: its columns have their names on an earlier page. */
const tableOf = (rows: Cell[][], names: ColumnNames | undefined): DocumentBlock => {
  if (!names) return { kind: "table", rows, ...(hasCornerHeader(rows) ? { headerRows: 1 } : {}) };
  const header = names.map((row) => [...row]);
  return { kind: "table", rows: [...header, ...rows], headerRows: header.length, isContinued: true };
};

const roleOf = (line: Line, style: Style): Role => {
  if (line.isMono && !style.isMonoBody) return "code";
  if (style.headingSizes.length > 0 && line.size >= style.bodySize * headingRatio && /\p{L}/u.test(line.text))
    return "heading";
  return bullet.test(line.text) || number.test(line.text) ? "list" : "text";
};

/** How a line follows a block: in a block of its own, on a line of its own, or as running text. */
const jointOf = (block: Block, line: Line, edge: number, style: Style): "block" | "line" | "space" => {
  const above = block.lines.at(-1)!;
  const role = roleOf(line, style);
  const size = Math.max(above.size, line.size);
  const isCut = /[\p{L}\p{N}][-\u2010\u00ad]$/u.test(above.text) && /^[\p{L}\p{N}]/u.test(line.text);
  const kind = (of: Role) => (of === "list" ? "text" : of);
  if (kind(role) !== kind(block.role) || Math.min(above.size, line.size) < size * 0.85) return "block";
  if (line.column !== above.column) {
    // A sentence may continue in the next column.
    const continues = role === "text" && /^\p{Ll}/u.test(line.text) && !/[.!?:;]$/.test(above.text);
    return continues ? "space" : "block";
  }
  const pitch = line.bottom - above.bottom;
  const first = block.lines[0]!;
  const second = block.lines[1];
  const usual = second ? second.bottom - first.bottom : Number.POSITIVE_INFINITY;
  if (pitch < 0.4 * size || pitch > 1.9 * size || pitch > 1.35 * usual) return "block";
  if (block.role === "code") return "line";
  if (block.role === "heading") return "space";
  const wraps = edge - above.right < firstWordWidth(line) + 0.3 * size;
  if (bullet.test(line.text)) return "block";
  if (role === "list" && (!wraps || (block.role === "list" && Math.abs(line.left - first.left) < 0.5 * size)))
    return "block";
  if (isCut) return "space";
  if (leader.test(above.text)) return "line";
  if (above.isSpread || line.isSpread) return "line";
  const previous = block.lines.at(-2);
  const isIndented = line.left > above.left + 0.8 * size;
  const isOutdented = line.left < above.left - 0.8 * size;
  if (isIndented && previous && Math.abs(previous.left - above.left) < 0.5 * size) return "block";
  if (isOutdented && previous && Math.abs(previous.left - above.left) < 0.5 * size) return "block";
  if (isOutdented && block.role === "list") return "block";
  if (wraps || (/^\p{Ll}/u.test(line.text) && !/[.!?:;]$/.test(above.text))) return "space";
  return /[.!?:]["”’)\]]?$/u.test(above.text) && /^["“‘(]?[\p{Lu}\p{N}]/u.test(line.text) ? "block" : "line";
};

const firstWordWidth = ({ text, left, right }: Line): number => {
  // Scripts without spaces break lines between any two characters.
  const space = /^[\u0e00-\u0eff\u2e80-\u312f\u3190-\u9fff\uf900-\uff60]/u.test(text) ? 2 : text.indexOf(" ");
  return space === -1 ? right - left : ((right - left) * space) / text.length;
};

/** For each line, where the lines of its paragraph end at the right when they are full. */
const rightEdges = (lines: readonly Line[]): number[] => {
  const edges: number[] = [];
  const columns = new Map<number, { left: number; right: number }>();
  for (const { column, left, right } of lines) {
    const extent = columns.get(column);
    if (!extent) columns.set(column, { left, right });
    else {
      extent.left = Math.min(extent.left, left);
      extent.right = Math.max(extent.right, right);
    }
  }
  for (let start = 0; start < lines.length; ) {
    let end = start + 1;
    while (end < lines.length && isNear(lines[end - 1]!, lines[end]!)) end += 1;
    const run = lines.slice(start, end);
    const right = run.reduce((max, line) => Math.max(max, line.right), Number.NEGATIVE_INFINITY);
    const full = run.filter((line) => right - line.right < 1.5 * line.size).length;
    const column = columns.get(run[0]!.column)!;
    // Two or more full lines are the width of the paragraph; short lines are compared with the column.
    const edge = full >= 2 && right > (column.left + column.right) / 2 ? right : column.right;
    for (let at = start; at < end; at++) edges.push(edge);
    start = end;
  }
  return edges;
};

const isNear = (above: Line, below: Line): boolean =>
  above.column === below.column &&
  !above.table &&
  !below.table &&
  below.bottom - above.bottom < 1.9 * Math.max(above.size, below.size) &&
  Math.min(above.size, below.size) > 0.85 * Math.max(above.size, below.size);

const finished = ({ lines, text, role }: Block, style: Style): DocumentBlock[] => {
  if (role === "code") return [{ kind: "code", text }];
  if (role === "heading" && lines.length <= headingLinesMax && text.length <= headingCharsMax) {
    const size = Math.round(lines[0]!.size * 2) / 2;
    const rank = style.headingSizes.findIndex((other) => other <= size);
    return [{ kind: "heading", level: Math.min(6, (rank === -1 ? style.headingSizes.length : rank) + 1), text }];
  }
  return [{ kind: role === "list" ? "list" : "paragraph", text }];
};
