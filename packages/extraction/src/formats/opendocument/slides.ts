import { type Area, readingOrder } from "../drawing/reading-order.ts";
import { HeadersAndFooters } from "../headers-and-footers.ts";
import type { TextBuilder } from "../text-builder.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { type BlockContext, BlockReader, type Item } from "./blocks.ts";

type Add = (item: Item) => Promise<void>;

/**
 * Reads the slides of a presentation (OpenDocument 1.3 part 3, 10 and 3.6) as pages; a hidden slide keeps its number and is
 * left out.
 */
export const readSlides = async (
  presentation: XmlElement,
  context: BlockContext,
  builder: TextBuilder,
  add: Add,
): Promise<number> => {
  const footers = new Footers(presentation, context);
  let page = 0;
  for (const slide of elementsOf(presentation, "draw:page")) {
    page += 1;
    const place = `slide ${page}`;
    const style = slide.attributes["draw:style-name"];
    if (!context.isHiddenRead && context.styles.slideProperty(style, "presentation:visibility") === "hidden") {
      builder.warn("hidden-slides-left-out", place);
      continue;
    }
    const onSlide: BlockContext = {
      ...context,
      isOnSlide: true,
      warn: (code, name, count) => builder.warn(code, name ?? place, count),
    };
    const addOnPage = async (items: Item[]) => {
      for (const item of items) await add(item.kind === "embedded" ? item : { ...item, page });
    };
    await addOnPage(slideItems(slide, onSlide));
    await addOnPage(footers.of(slide));
    const notes = childOf(slide, "presentation:notes");
    const texts = elementsOf(notes, "draw:frame").filter(
      (frame) => classOf(frame) === "notes" && !isPlaceholder(frame),
    );
    const text = itemsOf(texts, onSlide).flatMap((item) => ("text" in item ? [item.text] : []));
    await addOnPage([{ kind: "note", text: text.join("\n") }]);
  }
  return page;
};

const classOf = (frame: XmlElement): string | undefined => frame.attributes["presentation:class"];
/** An empty placeholder shows its prompt to the author only. */
const isPlaceholder = (frame: XmlElement): boolean => frame.attributes["presentation:placeholder"] === "true";

const itemsOf = (shapes: XmlElement[], context: BlockContext): Item[] => {
  const reader = new BlockReader(context);
  for (const shape of shapes) reader.readShape(shape);
  return reader.take();
};

/** The titles, then the other shapes in reading order. */
const slideItems = (slide: XmlElement, context: BlockContext): Item[] => {
  const { width, height } = context.styles.pageSize(slide.attributes["draw:master-page-name"]);
  const [right, bottom] = [length(width) ?? Number.POSITIVE_INFINITY, length(height) ?? Number.POSITIVE_INFINITY];
  const shapes = elementsOf(slide)
    .flatMap((element) => (element.name === "draw:a" ? elementsOf(element) : [element]))
    .filter((element) => /^(draw|dr3d):/.test(element.name) && !isPlaceholder(element));
  const titles = shapes.filter((shape) => classOf(shape) === "title");
  const heading = itemsOf(titles, context).flatMap((item) => ("text" in item ? [item.text] : []));
  const others = shapes
    .filter((shape) => classOf(shape) !== "title")
    .map((element) => ({ element, area: areaOf(element) }))
    .filter(({ element, area }) => {
      if (context.isHiddenRead || !area) return true;
      const isVisible = area.right >= 0 && area.bottom >= 0 && area.left <= right && area.top <= bottom;
      if (!isVisible && /\S/.test(textIn(element))) context.warn("hidden-text-left-out");
      return isVisible;
    });
  const comments = elementsOf(slide).filter(({ name }) => /^(office:)?annotation$/.test(name)).length;
  if (comments > 0) context.warn("comments-left-out", undefined, comments);
  const order = readingOrder(others, false).map(({ element }) => element);
  return [{ kind: "heading", level: 1, text: heading.join(" ").replaceAll("\n", " ") }, ...itemsOf(order, context)];
};

/** Headers, footers and dates that slides refer to; each text is read once per document. */
class Footers {
  readonly #texts = new Map<string, string>();
  readonly #headersAndFooters = new HeadersAndFooters();
  readonly #context: BlockContext;

  constructor(presentation: XmlElement, context: BlockContext) {
    this.#context = context;
    for (const { name, attributes, ...element } of elementsOf(presentation)) {
      const kind = /^presentation:(footer|header|date-time)-decl$/.exec(name)?.[1];
      if (kind) this.#texts.set(`${kind} ${attributes["presentation:name"]}`, textIn({ name, attributes, ...element }));
    }
  }

  of(slide: XmlElement): Item[] {
    const items: Item[] = [];
    for (const kind of ["header", "footer", "date-time"] as const) {
      const text = this.#texts.get(`${kind} ${slide.attributes[`presentation:use-${kind}-name`]}`)?.trim() ?? "";
      const shown = this.#context.styles.slideProperty(
        slide.attributes["draw:style-name"],
        `presentation:display-${kind}`,
      );
      if (shown !== "false" && this.#headersAndFooters.isNew(text))
        items.push({ kind: kind === "header" ? "header" : "footer", text });
    }
    return items;
  }
}

/** The rectangle of a shape in English Metric Units; of a group, around its shapes. */
const areaOf = (shape: XmlElement): Area | undefined => {
  if (shape.name === "draw:g") {
    const areas = elementsOf(shape).flatMap((child) => areaOf(child) ?? []);
    return areas.reduce<Area | undefined>(
      (one, other) =>
        one && {
          left: Math.min(one.left, other.left),
          top: Math.min(one.top, other.top),
          right: Math.max(one.right, other.right),
          bottom: Math.max(one.bottom, other.bottom),
        },
      areas[0],
    );
  }
  const { attributes } = shape;
  const moved = /translate\s*\(\s*(-?[\d.]+\w+)\s+(-?[\d.]+\w+)/.exec(attributes["draw:transform"] ?? "");
  const left = length(attributes["svg:x"] ?? attributes["svg:x1"] ?? moved?.[1]);
  const top = length(attributes["svg:y"] ?? attributes["svg:y1"] ?? moved?.[2]);
  if (left === undefined || top === undefined) return undefined;
  const [width, height] = [length(attributes["svg:width"]) ?? 0, length(attributes["svg:height"]) ?? 0];
  return { left, top, right: left + width, bottom: top + height };
};

const emuPerUnit: Readonly<Record<string, number>> = {
  cm: 360_000,
  mm: 36_000,
  in: 914_400,
  inch: 914_400,
  pt: 12_700,
  pc: 152_400,
  px: 9525,
};

const length = (value: string | undefined): number | undefined => {
  const match = /^(-?[\d.]+)([a-z]+)$/.exec(value?.trim() ?? "");
  const unit = emuPerUnit[match?.[2] ?? ""];
  const number = Number(match?.[1]);
  return unit === undefined || !Number.isFinite(number) ? undefined : number * unit;
};
