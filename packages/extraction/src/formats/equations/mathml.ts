/** Reads equations of MathML. */

import { accented, fraction, matrix, plainLetters, root, scripts } from "./linear.ts";

/** An element of MathML in an XML tree or in a page; names may have the prefix `mathml:`. */
type MathElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (MathElement | string)[];
};

/** Browsers and office programs make no deeper equations; what is inside is read as text without structure. */
const depthMax = 200;

/** A MathML equation in a line of text. `isShown` says whether an element is read at all. */
export const mathmlText = <Element extends MathElement>(
  equation: Element,
  isShown: (element: Element) => boolean = () => true,
): string => {
  const part = (element: Element, depth: number): string => {
    if (!isShown(element)) return "";
    const name = nameOf(element);
    if (depth > depthMax) return textOf(element);
    const parts = () =>
      (element.children as readonly (Element | string)[]).flatMap((child) =>
        typeof child === "string" ? [] : [part(child, depth + 1).trim()],
      );
    const inner = () =>
      (element.children as readonly (Element | string)[])
        .map((child) => (typeof child === "string" ? plainText(child) : part(child, depth + 1)))
        .join("");
    switch (name) {
      case "annotation":
      case "annotation-xml":
      case "mphantom":
        return "";
      case "mspace":
        return " ";
      case "mfrac": {
        const [above = "", below = ""] = parts();
        return fraction(above, below);
      }
      case "msup": {
        const [base = "", raised = ""] = parts();
        return scripts(base, "", raised);
      }
      case "mover": {
        const [base = "", above = ""] = parts();
        const mark = marksAbove.get(above);
        return mark === undefined ? scripts(base, "", above) : accented(base, mark);
      }
      case "munder": {
        const [base = "", below = ""] = parts();
        const mark = marksBelow.get(below);
        return mark === undefined ? scripts(base, below, "") : accented(base, mark);
      }
      case "msub": {
        const [base = "", lowered = ""] = parts();
        return scripts(base, lowered, "");
      }
      case "msubsup":
      case "munderover": {
        const [base = "", lowered = "", raised = ""] = parts();
        return scripts(base, lowered, raised);
      }
      case "msqrt":
        return root(inner().trim());
      case "mroot": {
        const [base = "", degree = ""] = parts();
        return root(base, degree);
      }
      case "mfenced": {
        const { open = "(", close = ")", separators = "," } = element.attributes;
        return `${open}${parts().join(separators.trim().slice(0, 1))}${close}`;
      }
      case "mtable":
        return matrix(
          parts()
            .map((row) => [row])
            .filter(([row]) => row !== ""),
        );
      case "mtr":
      case "mlabeledtr":
        return matrix([parts().filter(Boolean)]);
      case "mtext":
        return ` ${inner()} `;
      default:
        return inner();
    }
  };
  return part(equation, 0).replace(/ +/g, " ").trim();
};

const nameOf = ({ name }: MathElement): string => name.replace(/^mathml:/, "");

/** Blanks at the ends of a token are not shown (MathML 3, 2.1.7); those that do not break are. */
const plainText = (text: string): string =>
  plainLetters(text.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "")).replaceAll("\u00a0", " ");

/** The words of an element, without recursion. */
const textOf = (element: MathElement): string => {
  const texts: string[] = [];
  const open: (MathElement | string)[] = [element];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (typeof next === "string") texts.push(plainText(next));
    else for (const child of next.children.toReversed()) open.push(child);
  return texts.join("");
};

/** The marks that are drawn above letters, as the combining ones of Unicode. Braces only show what belongs together. */
const marksAbove: ReadonlyMap<string, string> = new Map([
  ["^", "\u0302"],
  ["ˆ", "\u0302"],
  ["~", "\u0303"],
  ["˜", "\u0303"],
  ["¯", "\u0305"],
  ["‾", "\u0305"],
  ["―", "\u0305"],
  ["˙", "\u0307"],
  ["¨", "\u0308"],
  ["→", "\u20d7"],
  ["⏞", ""],
  ["⎴", ""],
]);

/** Those below. */
const marksBelow: ReadonlyMap<string, string> = new Map([
  ["_", "\u0332"],
  ["¯", "\u0332"],
  ["―", "\u0332"],
  ["⏟", ""],
  ["⎵", ""],
]);
