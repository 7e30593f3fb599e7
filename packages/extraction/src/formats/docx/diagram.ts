import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import type { Item } from "./document.ts";
import { drawingText } from "./drawing-text.ts";

/**
 * The texts of a SmartArt diagram, each point once: parents before their children, in the order in which they are connected
 * (ECMA-376 part 1, 21.4). Points that only lay the others out have no text of their own.
 */
export const readDiagram = (tree: XmlElement): Item[] => {
  const points = elementsOf(childOf(tree, "dgm:ptLst"), "dgm:pt").filter(
    ({ attributes }) => !["pres", "parTrans", "sibTrans"].includes(attributes["type"] ?? "node"),
  );
  const byId = new Map(points.map((point) => [point.attributes["modelId"] ?? "", point]));
  const children = new Map<string, { id: string; order: number }[]>();
  for (const { attributes } of elementsOf(childOf(tree, "dgm:cxnLst"), "dgm:cxn")) {
    if ((attributes["type"] ?? "parOf") !== "parOf") continue;
    const { srcId = "", destId = "", srcOrd = "0" } = attributes;
    const siblings = children.get(srcId) ?? [];
    siblings.push({ id: destId, order: Number(srcOrd) || 0 });
    children.set(srcId, siblings);
  }
  const items: Item[] = [];
  const waiting = points.map(({ attributes }) => attributes["modelId"] ?? "").reverse();
  // The document's point is the root, wherever it stands.
  waiting.push(
    ...points.filter(({ attributes }) => attributes["type"] === "doc").map((one) => one.attributes["modelId"] ?? ""),
  );
  const seen = new Set<string>();
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const paragraph of elementsOf(childOf(byId.get(id), "dgm:t"), "a:p"))
      items.push({ kind: "paragraph", text: drawingText(paragraph) });
    const next = (children.get(id) ?? []).sort((one, other) => other.order - one.order);
    waiting.push(...next.map((one) => one.id));
  }
  return items.filter((item) => item.kind === "paragraph" && item.text.trim() !== "");
};
