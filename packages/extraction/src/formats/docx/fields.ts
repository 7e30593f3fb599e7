import { symbolOf } from "../encoding/symbol-fonts.ts";
import { equationField } from "../equations/eq-field.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { chosen } from "./alternatives.ts";
import { numberOf, stateOf } from "./properties.ts";

type Field = { code: string; form: XmlElement | undefined; isInResult: boolean; isLeftOut: boolean; hasText: boolean };

/**
 * The fields that are open at a place of a story: text is visible outside of all instructions. A field may begin in one
 * paragraph and end in another (ECMA-376 part 1, 17.16).
 */
export class Fields {
  readonly #open: Field[] = [];
  readonly #leavesOut: (code: string) => boolean;
  readonly #warnReading: () => void;
  #hiding = 0;

  /** `leavesOut` says of an instruction whether its result is no text, such as a page number in a header. */
  constructor(leavesOut: (code: string) => boolean, warnReading: () => void) {
    this.#leavesOut = leavesOut;
    this.#warnReading = warnReading;
  }

  get isVisible(): boolean {
    return this.#hiding === 0;
  }

  begin(form: XmlElement | undefined): void {
    this.#open.push({ code: "", form, isInResult: false, isLeftOut: false, hasText: false });
    this.#hiding += 1;
  }

  instruct(text: string): void {
    const field = this.#open.at(-1);
    if (field && !field.isInResult) field.code += text;
  }

  separate(): void {
    const field = this.#open.at(-1);
    if (!field || field.isInResult) return;
    field.isInResult = true;
    field.isLeftOut = this.#leavesOut(field.code);
    if (!field.isLeftOut) this.#hiding -= 1;
  }

  /** Text was added at this place. */
  mark(): void {
    const field = this.#open.at(-1);
    if (field) field.hasText = true;
  }

  /** Ends a field and returns the text that Word displays for it although it has no result. */
  end(): string {
    const field = this.#open.pop();
    if (!field) return "";
    if (!field.isInResult || field.isLeftOut) this.#hiding -= 1;
    const outer = this.#open.at(-1);
    if (outer && field.hasText) outer.hasText = true;
    return field.hasText || field.isLeftOut ? "" : this.#displayed(field.code, field.form);
  }

  #displayed(code: string, form: XmlElement | undefined): string {
    if (fieldName(code) !== "EQ") return displayedText(code, form);
    const { text, readings } = equationField(code);
    if (readings.length > 0) this.#warnReading();
    return text;
  }
}

/**
 * The characters of fields that begin and do not end in a story. They are not read, because they would hide everything
 * after them.
 */
export const unclosedFields = (root: XmlElement): ReadonlySet<XmlElement> => {
  const unclosed = new Set<XmlElement>();
  const visit = (element: XmlElement, open: XmlElement[][]): void => {
    for (const child of element.name === "mc:AlternateContent" ? chosen(element) : element.children) {
      if (typeof child === "string" || child.name === "w:del" || child.name === "w:moveFrom") continue;
      if (child.name === "w:txbxContent") close(child);
      else if (child.name !== "w:fldChar") visit(child, open);
      else if (child.attributes["w:fldCharType"] === "begin") open.push([child]);
      else if (child.attributes["w:fldCharType"] === "separate") open.at(-1)?.push(child);
      else open.pop();
    }
  };
  const close = (story: XmlElement): void => {
    const open: XmlElement[][] = [];
    visit(story, open);
    for (const character of open.flat()) unclosed.add(character);
  };
  close(root);
  return unclosed;
};

export const fieldName = (code: string): string => (/^\s*(\w+)/.exec(code)?.[1] ?? "").toUpperCase();

/** What Word displays for a field whose instruction is its whole content. */
const displayedText = (code: string, form: XmlElement | undefined): string => {
  switch (fieldName(code)) {
    case "FORMCHECKBOX": {
      const box = childOf(form, "w:checkBox");
      return (stateOf(box, "w:checked") ?? stateOf(box, "w:default")) ? "☒" : "☐";
    }
    case "FORMDROPDOWN": {
      const list = childOf(form, "w:ddList");
      const chosen = numberOf(list, "w:result") ?? numberOf(list, "w:default") ?? 0;
      return elementsOf(list, "w:listEntry")[chosen]?.attributes["w:val"] ?? "";
    }
    case "SYMBOL": {
      const number = /^\s*\w+\s+(0x[\da-f]+|\d+)/i.exec(code)?.[1];
      const font = /\\f\s+"?([^"\\]+)"?/i.exec(code)?.[1]?.trim();
      return number === undefined ? "" : symbolOf(Number(number), font);
    }
    case "MACROBUTTON":
    case "GOTOBUTTON":
      return /^\s*\w+\s+\S+\s+(.*)$/s.exec(code)?.[1]?.trim() ?? "";
    default:
      return "";
  }
};
