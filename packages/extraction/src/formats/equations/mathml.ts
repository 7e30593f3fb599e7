import { elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

/** A MathML formula in one line: `x^2`, `a_1`, `(a + b)/2`, `√(x)`. */
export const linearMathml = (element: XmlElement): string => {
  const name = element.name.replace(/^mathml:/, "");
  const parts = () => elementsOf(element).map(linearMathml);
  switch (name) {
    case "mi":
    case "mn":
    case "mo":
    case "mtext":
    case "ms":
      return textIn(element).replace(/\s+/g, " ").trim();
    case "annotation":
    case "annotation-xml":
    case "mspace":
    case "mphantom":
      return "";
    case "mfrac": {
      const [above = "", below = ""] = parts();
      return `${grouped(above)}/${grouped(below)}`;
    }
    case "msup":
    case "mover": {
      const [base = "", raised = ""] = parts();
      return `${grouped(base)}^${grouped(raised)}`;
    }
    case "msub":
    case "munder": {
      const [base = "", lowered = ""] = parts();
      return `${grouped(base)}_${grouped(lowered)}`;
    }
    case "msubsup":
    case "munderover": {
      const [base = "", lowered = "", raised = ""] = parts();
      return `${grouped(base)}_${grouped(lowered)}^${grouped(raised)}`;
    }
    case "msqrt":
      return `√${grouped(parts().join(""))}`;
    case "mroot": {
      const [base = "", degree = ""] = parts();
      return `${degree}√${grouped(base)}`;
    }
    case "mfenced": {
      const { open = "(", close = ")", separators = "," } = element.attributes;
      return `${open}${parts().join(separators.trim().slice(0, 1))}${close}`;
    }
    case "mtable":
      return parts().join("; ");
    case "mtr":
      return parts().join(", ");
    default:
      return parts().join("");
  }
};

/** In brackets, unless it is one number, word or sign. */
const grouped = (text: string): string =>
  /^(\p{N}+([.,]\p{N}+)?|\p{L}+|.?|\([^()]*\))$/u.test(text) ? text : `(${text})`;
