/** Reads a Jupyter notebook: its text, its code, and what the code printed. */

import { addMarkdownText } from "../markdown/index.ts";
import type { TextBuilder } from "../text-builder.ts";
import type { Json } from "./parse.ts";

const get = (value: Json | undefined, key: string): Json | undefined =>
  value?.type === "object" ? value.entries.find(([name]) => name === key)?.[1] : undefined;

/** A text is written as one string or as a list of lines. */
const textOf = (value: Json | undefined): string =>
  value?.type === "value" ? value.text : value?.type === "array" ? value.items.map(textOf).join("") : "";

/** True for a Jupyter notebook (nbformat 4). */
export const isNotebook = (value: Json): boolean =>
  get(value, "nbformat") !== undefined && get(value, "cells")?.type === "array";

/** Adds the cells in order: prose, code, and the printed results. */
export const addNotebook = (notebook: Json, builder: TextBuilder): void => {
  const cells = get(notebook, "cells");
  for (const cell of cells?.type === "array" ? cells.items : []) {
    const source = textOf(get(cell, "source"));
    if (textOf(get(cell, "cell_type")) === "markdown") addMarkdownText(source, builder);
    else builder.add({ kind: "code", text: source });
    const outputs = get(cell, "outputs");
    for (const output of outputs?.type === "array" ? outputs.items : []) {
      const data = get(output, "data");
      const plain = textOf(get(output, "text")) || textOf(get(data, "text/plain"));
      if (get(data, "image/png") || get(data, "image/jpeg")) builder.warn("images-unread");
      builder.add({ kind: "code", text: plain });
    }
  }
};
