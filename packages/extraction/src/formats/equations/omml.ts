/** Reads equations of Office Math. */

import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { accented, fraction, grouped, isGroup, matrix, plainLetters, root, scripts } from "./linear.ts";

/** The visible text of a run of an equation. */
export type MathRun = (run: XmlElement, text: string) => string;

/**
 * An equation of Office Math in a line of text. Every part of an equation may lack its properties, and parts that are
 * missing are empty (ECMA-376 part 1, 22.1).
 */
export const ommlText = (element: XmlElement, runText: MathRun = (_, text) => text): string => {
  const read = (parent: XmlElement | undefined): string => elementsOf(parent).map(part).join("");
  const argument = (parent: XmlElement, name: string): string => read(childOf(parent, name));
  const rowsOf = (node: XmlElement): string =>
    matrix(elementsOf(node, "m:mr").map((row) => elementsOf(row, "m:e").map(read)));

  const part = (node: XmlElement): string => {
    const convert = node.name.startsWith("m:") ? structures[node.name] : undefined;
    if (convert) return convert(node);
    if (node.name === "m:r") return runText(node, plainLetters(wordsIn(node, "m:t")));
    if (node.name === "w:r") return runText(node, wordsIn(node, "w:t"));
    if (node.name === "w:del" || node.name === "w:moveFrom" || node.name.endsWith("Pr")) return "";
    return read(node);
  };

  const structures: Record<string, (node: XmlElement) => string> = {
    "m:oMathPara": (node) => elementsOf(node, "m:oMath").map(read).join("\n"),
    "m:f": (node) => {
      const [above, below] = [argument(node, "m:num"), argument(node, "m:den")];
      return property(node, "m:type") === "noBar" ? `${grouped(above)}¦${grouped(below)}` : fraction(above, below);
    },
    "m:sSup": (node) => scripts(argument(node, "m:e"), "", argument(node, "m:sup")),
    "m:sSub": (node) => scripts(argument(node, "m:e"), argument(node, "m:sub"), ""),
    "m:sSubSup": (node) => scripts(argument(node, "m:e"), argument(node, "m:sub"), argument(node, "m:sup")),
    "m:sPre": (node) =>
      `${scripts("", argument(node, "m:sub"), argument(node, "m:sup"))}${grouped(argument(node, "m:e"))}`,
    "m:rad": (node) => root(argument(node, "m:e"), isSet(node, "m:degHide", false) ? "" : argument(node, "m:deg")),
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
        return only.length === 1 && only[0]!.name === "m:m" ? rowsOf(only[0]!) : read(one);
      });
      return `${property(node, "m:begChr") ?? "("}${inner.join(separator)}${property(node, "m:endChr") ?? ")"}`;
    },
    "m:m": (node) => `[${rowsOf(node)}]`,
    "m:eqArr": (node) => matrix(elementsOf(node, "m:e").map((one) => [read(one)])).replaceAll("&", ""),
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

  return part(element);
};

const wordsIn = (run: XmlElement, name: string): string =>
  elementsOf(run, name)
    .flatMap(({ children }) => children)
    .join("");

/** A property of an equation's part, such as its operator. It may be present and empty. */
const property = (node: XmlElement, name: string): string | undefined =>
  childOf(childOf(node, `${node.name}Pr`), name)?.attributes["m:val"];

/** A property that is on or off; `absent` is its default. */
const isSet = (node: XmlElement, name: string, absent: boolean): boolean => {
  const found = childOf(childOf(node, `${node.name}Pr`), name);
  return found ? !["0", "off", "false"].includes(found.attributes["m:val"] ?? "1") : absent;
};
