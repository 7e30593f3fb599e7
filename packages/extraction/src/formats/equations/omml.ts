import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** The visible text of a run of an equation. */
export type MathRun = (run: XmlElement, text: string) => string;

/**
 * An equation in a line of text, in the way in which one types it: `a/b`, `x_i^2`, `√(x)`, `∑_(i=1)^n`. Every part of an
 * equation may lack its properties, and parts that are missing are empty (ECMA-376 part 1, 22.1).
 */
export const linearMath = (element: XmlElement, runText: MathRun): string => {
  const read = (parent: XmlElement | undefined): string => elementsOf(parent).map(part).join("");
  const argument = (parent: XmlElement, name: string): string => read(childOf(parent, name));

  const part = (node: XmlElement): string => {
    const convert = structures[node.name];
    if (convert) return convert(node);
    if (node.name === "m:r")
      return runText(
        node,
        lettersOf(
          elementsOf(node, "m:t")
            .flatMap(({ children }) => children)
            .join(""),
        ),
      );
    if (node.name === "w:r")
      return runText(
        node,
        elementsOf(node, "w:t")
          .flatMap(({ children }) => children)
          .join(""),
      );
    if (node.name === "w:del" || node.name === "w:moveFrom" || node.name.endsWith("Pr")) return "";
    return read(node);
  };

  const structures: Record<string, (node: XmlElement) => string> = {
    "m:f": (node) => {
      const [top, bottom] = [argument(node, "m:num"), argument(node, "m:den")];
      if (property(node, "m:type") === "noBar") return `${grouped(top)}¦${grouped(bottom)}`;
      return `${grouped(top)}/${grouped(bottom)}`;
    },
    "m:sSup": (node) => scripts(argument(node, "m:e"), "", argument(node, "m:sup")),
    "m:sSub": (node) => scripts(argument(node, "m:e"), argument(node, "m:sub"), ""),
    "m:sSubSup": (node) => scripts(argument(node, "m:e"), argument(node, "m:sub"), argument(node, "m:sup")),
    "m:sPre": (node) =>
      `${scripts("", argument(node, "m:sub"), argument(node, "m:sup"))}${grouped(argument(node, "m:e"))}`,
    "m:rad": (node) => {
      const degree = isSet(node, "m:degHide", false) ? "" : argument(node, "m:deg");
      const sign = { "": "√", "2": "√", "3": "∛", "4": "∜" }[degree];
      const inner = argument(node, "m:e");
      return sign === undefined ? `√(${degree}&${inner})` : `${sign}(${inner})`;
    },
    "m:nary": (node) => {
      const sign = property(node, "m:chr") ?? "∫";
      const sub = isSet(node, "m:subHide", false) ? "" : argument(node, "m:sub");
      const sup = isSet(node, "m:supHide", false) ? "" : argument(node, "m:sup");
      const inner = elementsOf(node, "m:e").map(read).join("");
      return `${scripts(sign, sub, sup)}${sub + sup === "" || inner === "" ? "" : " "}${inner}`;
    },
    "m:d": (node) => {
      const separator = property(node, "m:sepChr") ?? "|";
      const inner = elementsOf(node, "m:e").map((one) => {
        const only = elementsOf(one).filter(({ name }) => !name.endsWith("Pr"));
        return only.length === 1 && only[0]!.name === "m:m" ? matrix(only[0]!) : read(one);
      });
      return `${property(node, "m:begChr") ?? "("}${inner.join(separator)}${property(node, "m:endChr") ?? ")"}`;
    },
    "m:m": (node) => `[${matrix(node)}]`,
    "m:eqArr": (node) => elementsOf(node, "m:e").map(read).join("; ").replaceAll("&", ""),
    "m:acc": (node) => accented(argument(node, "m:e"), property(node, "m:chr") ?? "\u0302"),
    "m:bar": (node) => accented(argument(node, "m:e"), property(node, "m:pos") === "top" ? "\u0305" : "\u0332"),
    "m:limLow": (node) => scripts(argument(node, "m:e"), argument(node, "m:lim"), ""),
    "m:limUpp": (node) => scripts(argument(node, "m:e"), "", argument(node, "m:lim")),
    "m:func": (node) => {
      const [name, inner] = [argument(node, "m:fName"), argument(node, "m:e")];
      return inner === "" ? name : `${name.trimEnd()}${isGroup(inner) ? "" : " "}${inner}`;
    },
    // A phantom that is not shown keeps a space free.
    "m:phant": (node) => (isSet(node, "m:show", true) ? argument(node, "m:e") : " "),
  };
  const matrix = (node: XmlElement): string =>
    elementsOf(node, "m:mr")
      .map((row) => elementsOf(row, "m:e").map(read).join(", "))
      .join("; ");

  return part(element);
};

/** A property of an equation's part, such as its sign. It may be present and empty. */
const property = (node: XmlElement, name: string): string | undefined =>
  childOf(childOf(node, `${node.name}Pr`), name)?.attributes["m:val"];

/** A property that is on or off; `absent` is its default. */
const isSet = (node: XmlElement, name: string, absent: boolean): boolean => {
  const found = childOf(childOf(node, `${node.name}Pr`), name);
  return found ? !["0", "off", "false"].includes(found.attributes["m:val"] ?? "1") : absent;
};

const scripts = (base: string, sub: string, sup: string): string =>
  `${base === "" ? "" : grouped(base)}${sub === "" ? "" : `_${grouped(sub)}`}${sup === "" ? "" : `^${grouped(sup)}`}`;

/** Words and numbers, which need no brackets. */
const isSimple = (text: string): boolean => /^(?:[\p{L}\p{N}\p{M}.,′'∞]+|.?)$/su.test(text);

const grouped = (text: string): string => (isSimple(text) || isGroup(text) ? text : `(${text})`);

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "|": "|" };

/** True when one pair of brackets encloses the whole text. */
const isGroup = (text: string): boolean => {
  const close = closing[text[0] ?? ""];
  if (close === undefined || text.length < 2 || !text.endsWith(close)) return false;
  if (close === "|") return !text.slice(1, -1).includes("|");
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === text[0]) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
};

/** A combining mark follows one letter; over more than one it would be on the last. */
const accented = (text: string, mark: string): string =>
  [...text].length === 1 ? text + mark : `${grouped(text)}${/^\p{M}$/u.test(mark) ? "" : mark}`;

/**
 * The letters of Unicode that exist only in a mathematical type face are the same letters to a reader. Invisible operators,
 * such as that between a function and its argument, are none.
 */
const lettersOf = (text: string): string =>
  text.replace(/[\u2061-\u2064]/g, "").replace(/[\u{1d400}-\u{1d7ff}]/gu, (letter) => letter.normalize("NFKC"));
