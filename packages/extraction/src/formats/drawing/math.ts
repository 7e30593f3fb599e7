import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

/** A formula of Office Math (ISO 29500-1, 22.1) in one line: `x^2`, `a_1`, `(a + b)/2`, `√(x)`. */
export const linearMath = (element: XmlElement): string => {
  const part = (name: string) => {
    const child = childOf(element, name);
    return child ? linearMath(child) : "";
  };
  const property = (name: string) => childOf(childOf(element, `${element.name}Pr`), name)?.attributes["m:val"];
  const raised = () =>
    `${part("m:sub") && `_${grouped(part("m:sub"))}`}${part("m:sup") && `^${grouped(part("m:sup"))}`}`;
  switch (element.name) {
    case "m:t":
      return textIn(element);
    case "m:f":
      return `${grouped(part("m:num"))}/${grouped(part("m:den"))}`;
    case "m:sSub":
    case "m:sSup":
    case "m:sSubSup":
      return grouped(part("m:e")) + raised();
    case "m:nary":
      return `${property("m:chr") ?? "∫"}${raised()} ${part("m:e")}`;
    case "m:rad":
      return `${part("m:deg")}√${grouped(part("m:e"))}`;
    case "m:d": {
      const inner = elementsOf(element, "m:e")
        .map(linearMath)
        .join(property("m:sepChr") ?? "|");
      return `${property("m:begChr") ?? "("}${inner}${property("m:endChr") ?? ")"}`;
    }
    case "m:func":
      return `${part("m:fName")} ${part("m:e")}`;
    case "m:m":
      return elementsOf(element, "m:mr")
        .map((row) => elementsOf(row, "m:e").map(linearMath).join(", "))
        .join("; ");
    default:
      return elementsOf(element)
        .map((child) => (/^m:\w+Pr$/.test(child.name) ? "" : linearMath(child)))
        .join("");
  }
};

/** In brackets, unless it is one number, word or sign. */
const grouped = (text: string): string => (/^(\p{N}+([.,]\p{N}+)?|\p{L}+|.?|\(.*\))$/u.test(text) ? text : `(${text})`);
