import type { Cell } from "../model.ts";

/** Whether the first row names the columns although its first cell is empty, as in a table of numbers by name. */
export const hasCornerHeader = (rows: readonly Cell[][]): boolean => {
  const [head, ...body] = rows;
  if (!head || head.length < 3 || body.length < 2 || head[0]?.text !== "") return false;
  if (!head.slice(1).every(({ text }) => /\p{L}/u.test(text))) return false;
  const values = body.flatMap((row) => row.slice(1)).filter(({ text }) => text !== "");
  return values.filter(({ text }) => /^[^\p{L}]*\p{N}[^\p{L}]*\p{L}{0,3}$/u.test(text)).length > values.length / 2;
};
