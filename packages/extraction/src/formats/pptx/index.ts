import { ExtractionFailure } from "../../extraction.ts";
import { chartNumbers } from "../drawing/chart.ts";
import { HeadersAndFooters } from "../headers-and-footers.ts";
import { Package } from "../package/package.ts";
import type { Reader } from "../reader.ts";
import { childOf, elementsOf, isTrue, type XmlElement } from "../xml/tree.ts";
import type { Slides } from "./context.ts";
import { readSlide } from "./slide.ts";

/**
 * Reads a PowerPoint presentation (ISO 29500-1, 13 and 19) in the order of its slides. Each slide is a page; a hidden slide
 * keeps its number and is left out.
 */
export const readPptx: Reader = async (bytes, builder, options) => {
  const parts = new Package(bytes);
  const main = parts.mainPart ?? parts.names.find((name) => /^ppt\/presentation\d*\.xml$/.test(name)) ?? "";
  const presentation = parts.xml(main);
  if (!presentation) throw new Error("no presentation");
  const targets = new Map(parts.relationships(main).map(({ id, target }) => [id, target]));
  const { cx, cy } = childOf(presentation, "p:sldSz")?.attributes ?? {};
  const layouts = new Map<string, XmlElement | undefined>();
  const slides: Slides = {
    parts,
    builder,
    options,
    width: Number(cx) || Number.POSITIVE_INFINITY,
    height: Number(cy) || Number.POSITIVE_INFINITY,
    isRightToLeft: isTrue(presentation.attributes["rtl"]),
    defaults: childOf(presentation, "p:defaultTextStyle"),
    headersAndFooters: new HeadersAndFooters(),
    showNumber: await chartNumbers(parts),
    layout: (name) => {
      if (!layouts.has(name)) layouts.set(name, parts.optionalXml(name));
      return layouts.get(name);
    },
  };
  const ids = elementsOf(childOf(presentation, "p:sldIdLst"), "p:sldId").map(({ attributes }) => attributes["r:id"]);
  if (ids.length > options.limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  for (const [at, id] of ids.entries()) {
    const target = targets.get(id ?? "");
    const slide = target === undefined ? undefined : parts.xml(target);
    if (target === undefined || !slide) throw new Error("a slide is missing");
    const page = at + 1;
    const isHidden = slide.attributes["show"] === "0" || slide.attributes["show"] === "false";
    if (isHidden && options.reading.hiddenText === "leave-out") builder.warn("hidden-slides-left-out", `slide ${page}`);
    else await readSlide(slide, target, page, slides);
  }
  return ids.length;
};
