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
        typeof child === "string" ? [] : [part(child, depth + 1)],
      );
    switch (name) {
      case "annotation":
      case "annotation-xml":
      case "mspace":
      case "mphantom":
        return "";
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
        const mark = accents[above];
        return mark === undefined ? scripts(base, "", above) : accented(base, mark);
      }
      case "msub":
      case "munder": {
        const [base = "", lowered = ""] = parts();
        return scripts(base, lowered, "");
      }
      case "msubsup":
      case "munderover": {
        const [base = "", lowered = "", raised = ""] = parts();
        return scripts(base, lowered, raised);
      }
      case "msqrt":
        return root(parts().join(""));
      case "mroot": {
        const [base = "", degree = ""] = parts();
        return root(base, degree);
      }
      case "mfenced": {
        const { open = "(", close = ")", separators = "," } = element.attributes;
        return `${open}${parts().join(separators.trim().slice(0, 1))}${close}`;
      }
      case "mtable":
        return matrix(parts().map((row) => [row]));
      case "mtr":
      case "mlabeledtr":
        return matrix([parts()]);
      default:
        return (element.children as readonly (Element | string)[])
          .map((child) => (typeof child === "string" ? plainText(child) : part(child, depth + 1)))
          .join("");
    }
  };
  return part(equation, 0);
};

const nameOf = ({ name }: MathElement): string => name.replace(/^mathml:/, "");

const plainText = (text: string): string => plainLetters(text.replace(/\s+/g, " ").trim());

/** The words of an element, without recursion. */
const textOf = (element: MathElement): string => {
  const texts: string[] = [];
  const open: (MathElement | string)[] = [element];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (typeof next === "string") texts.push(plainText(next));
    else for (const child of next.children.toReversed()) open.push(child);
  return texts.join("");
};

/** The marks that are drawn above a letter, as the combining ones of Unicode. */
const accents: Readonly<Record<string, string>> = {
  "^": "\u0302",
  ˆ: "\u0302",
  "~": "\u0303",
  "˜": "\u0303",
  "¯": "\u0305",
  "‾": "\u0305",
  "―": "\u0305",
  "˙": "\u0307",
  "¨": "\u0308",
  "→": "\u20d7",
};
