/** Where shapes are on a slide. */

import type { Area } from "../drawing/reading-order.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { ancestorsOf, type Inheritance, placeholderOf } from "./placeholders.ts";

/** From the coordinates of a group to those of the slide. */
export type Transform = { scaleX: number; scaleY: number; x: number; y: number };

export const identity: Transform = { scaleX: 1, scaleY: 1, x: 0, y: 0 };

/** The rectangle of a shape on the slide; a placeholder without one has that of its layout or master. */
export const areaOf = (shape: XmlElement, inheritance: Inheritance, by: Transform): Area | undefined => {
  const shapes = [shape, ...ancestorsOf(placeholderOf(shape), inheritance)];
  const frame = shapes.map(frameOf).find((one) => one !== undefined);
  const area = frame && rectangle(frame, "a:off", "a:ext");
  if (!area) return undefined;
  const turned = isSideways(frame) ? turn(area) : area;
  return {
    left: by.x + turned.left * by.scaleX,
    right: by.x + turned.right * by.scaleX,
    top: by.y + turned.top * by.scaleY,
    bottom: by.y + turned.bottom * by.scaleY,
  };
};

/** The transformation of a group's children (ISO 29500-1, 20.1.7.5). */
export const transformOf = (group: XmlElement, outer: Transform): Transform => {
  const frame = frameOf(group);
  const own = frame && rectangle(frame, "a:off", "a:ext");
  const inner = frame && rectangle(frame, "a:chOff", "a:chExt");
  if (!own || !inner) return outer;
  const ratio = (to: number, from: number) => (from > 0 && to > 0 ? to / from : 1);
  const scaleX = ratio(own.right - own.left, inner.right - inner.left);
  const scaleY = ratio(own.bottom - own.top, inner.bottom - inner.top);
  return {
    scaleX: outer.scaleX * scaleX,
    scaleY: outer.scaleY * scaleY,
    x: outer.x + outer.scaleX * (own.left - inner.left * scaleX),
    y: outer.y + outer.scaleY * (own.top - inner.top * scaleY),
  };
};

/** `a:xfrm` or `p:xfrm`. */
const frameOf = (shape: XmlElement): XmlElement | undefined =>
  childOf(shape, "p:xfrm") ??
  childOf(childOf(shape, "p:spPr") ?? childOf(shape, "p:grpSpPr"), "a:xfrm") ??
  // A frame for ink or an OLE object.
  elementsOf(shape).find(({ name }) => name === "xfrm");

const rectangle = (frame: XmlElement, offset: string, extent: string): Area | undefined => {
  const { x, y } = childOf(frame, offset)?.attributes ?? {};
  const { cx, cy } = childOf(frame, extent)?.attributes ?? {};
  const [left, top, width, height] = [Number(x), Number(y), Number(cx), Number(cy)];
  if (![left, top, width, height].every(Number.isFinite)) return undefined;
  return { left, top, right: left + width, bottom: top + height };
};

/** Turned by about a quarter; `rot` is in 60,000ths of a degree. */
const isSideways = (frame: XmlElement): boolean => {
  const degrees = Math.abs(Number(frame.attributes["rot"] ?? 0) / 60_000) % 180;
  return degrees >= 45 && degrees < 135;
};

const turn = ({ left, top, right, bottom }: Area): Area => {
  const [x, y, halfWidth, halfHeight] = [
    (left + right) / 2,
    (top + bottom) / 2,
    (right - left) / 2,
    (bottom - top) / 2,
  ];
  return { left: x - halfHeight, right: x + halfHeight, top: y - halfWidth, bottom: y + halfWidth };
};
