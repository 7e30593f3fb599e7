import type { TextBlock } from "../model.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { paragraphsOf } from "./text.ts";

/**
 * The texts of a SmartArt diagram, each once, from its data model (ISO 29500-1, 21.4): points are joined by connections from
 * parent to child. Points of presentation repeat the texts of nodes.
 */
export const diagramBlocks = (model: XmlElement): TextBlock[] => {
  const points = elementsOf(childOf(model, "dgm:ptLst"), "dgm:pt");
  const byId = new Map(points.map((point) => [point.attributes["modelId"] ?? "", point]));
  const children = new Map<string, { id: string; order: number }[]>();
  for (const { attributes } of elementsOf(childOf(model, "dgm:cxnLst"), "dgm:cxn")) {
    const { type = "parOf", srcId = "", destId = "", srcOrd } = attributes;
    if (type !== "parOf") continue;
    const list = children.get(srcId) ?? [];
    list.push({ id: destId, order: Number(srcOrd) || 0 });
    children.set(srcId, list);
  }
  const roots = points.filter(({ attributes }) => attributes["type"] === "doc");
  // Points that no connection reaches follow.
  const open = [...roots, ...points].map(({ attributes }) => attributes["modelId"] ?? "").reverse();
  const done = new Set<string>();
  const blocks: TextBlock[] = [];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (done.has(id)) continue;
    done.add(id);
    const point = byId.get(id);
    if (point && isNode(point))
      for (const { text } of paragraphsOf(childOf(point, "dgm:t"))) blocks.push({ kind: "list", text });
    const below = (children.get(id) ?? []).sort((one, other) => other.order - one.order);
    for (const child of below) open.push(child.id);
  }
  return blocks;
};

const isNode = (point: XmlElement): boolean => {
  const { type = "node" } = point.attributes;
  const { phldr } = childOf(point, "dgm:prSet")?.attributes ?? {};
  // A placeholder shows its prompt to the author only.
  return (type === "node" || type === "asst") && phldr !== "1" && phldr !== "true";
};
