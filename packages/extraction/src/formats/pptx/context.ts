import type { ShowNumber } from "../drawing/chart.ts";
import type { HeadersAndFooters } from "../headers-and-footers.ts";
import type { Package, Relationship } from "../package/package.ts";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import type { XmlElement } from "../xml/tree.ts";

/** What the slides of a presentation share. */
export type Slides = {
  parts: Package;
  builder: TextBuilder;
  options: ReadOptions;
  /** Of a slide, in English Metric Units. */
  width: number;
  height: number;
  isRightToLeft: boolean;
  defaults: XmlElement | undefined;
  headersAndFooters: HeadersAndFooters;
  showNumber: ShowNumber;
  /** A layout or a master, which many slides share. */
  layout: (name: string) => XmlElement | undefined;
};

export type SlideContext = Slides & {
  page: number;
  relationships: ReadonlyMap<string, Relationship>;
  layoutOfSlide: XmlElement | undefined;
  masterOfSlide: XmlElement | undefined;
  /** True inside a group that has a description. */
  isDescribed?: boolean;
};
