/** The texts of form controls and pictures. */

import { pictureDescription } from "../drawing/description.ts";
import { type HtmlElement, plainText } from "./tree.ts";

/** What a form control or a picture shows, or undefined for other elements. */
export const replacementOf = (element: HtmlElement): string | undefined => {
  const { name, attributes } = element;
  if (name === "img" || name === "area") return pictureDescription(attributes["alt"]);
  if (name === "input") return inputText(attributes);
  if (name === "select") return chosenOptions(element).join(", ");
  return undefined;
};

/** True for a picture whose contents are not described and that is not decoration. */
export const isUndescribed = ({ name, attributes }: HtmlElement): boolean => {
  if (name !== "img" || /^(presentation|none)$/.test(attributes["role"] ?? "")) return false;
  // An empty description marks decoration (HTML standard, 4.8.4.4.5); pictures of one pixel count visits.
  const isTiny = [attributes["width"], attributes["height"]].some((size) => size === "0" || size === "1");
  return (
    !isTiny &&
    pictureDescription(attributes["alt"]) === "" &&
    (attributes["alt"] !== "" || !("alt" in attributes)) &&
    "src" in attributes
  );
};

const inputText = (attributes: Record<string, string>): string => {
  const value = attributes["value"] ?? "";
  switch ((attributes["type"] ?? "text").toLowerCase()) {
    case "hidden":
    case "password":
    case "file":
    case "color":
    case "range":
      return "";
    case "image":
      return pictureDescription(attributes["alt"]);
    case "checkbox":
    case "radio":
      return "checked" in attributes ? "[x]" : "[ ]";
    default:
      return value;
  }
};

/** A list shows all of its options, and a closed menu the chosen one (HTML standard, 4.10.7). */
const chosenOptions = (select: HtmlElement): string[] => {
  const options: HtmlElement[] = [];
  const open = [...select.children].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string") continue;
    if (next.name === "option") options.push(next);
    else for (const child of next.children.toReversed()) open.push(child);
  }
  const isList = "multiple" in select.attributes || Number(select.attributes["size"] ?? 1) > 1;
  if (isList) return options.map(labelOf);
  const chosen = options.filter(({ attributes }) => "selected" in attributes).at(-1) ?? options[0];
  return chosen ? [labelOf(chosen)] : [];
};

const labelOf = (option: HtmlElement): string => option.attributes["label"] || plainText(option);
