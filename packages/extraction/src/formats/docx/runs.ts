/** Reads the contents of a paragraph of Word. */

import { symbolOf, symbolText } from "../encoding/symbol-fonts.ts";
import { ommlText } from "../equations/omml.ts";
import { childOf, type XmlElement } from "../xml/tree.ts";
import { chosen, containsText } from "./alternatives.ts";
import { readDrawing } from "./drawing.ts";
import { isOn, propertyOf } from "./properties.ts";
import { contentOf, type Line, leaveOutDeleted, type Story } from "./story.ts";
import type { Style } from "./styles.ts";

/** Where text is being read: it is added to the line unless a field or its own properties hide it. */
type Place = { story: Story; line: Line; style: Style; notes: ReadNote };

/** Reads a note that the text refers to. Its blocks stand after the paragraph, or nowhere yet. */
export type ReadNote = (kind: "footnote" | "endnote", id: string | undefined, line: Line) => void;

/** Reads the contents of a paragraph into the line. */
export const readInline = (place: Place, children: XmlElement["children"]): void => {
  const { story } = place;
  for (const child of children) {
    if (typeof child === "string") continue;
    switch (child.name) {
      case "w:r":
        readRun(place, child);
        break;
      case "w:pPr":
        break;
      case "w:del":
      case "w:moveFrom":
        leaveOutDeleted(story, child);
        break;
      case "w:sdt":
        readInline(place, contentOf(story, child));
        break;
      case "w:fldSimple":
        readSimpleField(place, child);
        break;
      case "m:oMath":
      case "m:oMathPara":
        readMath(place, child);
        break;
      case "mc:AlternateContent":
        readInline(place, chosen(child));
        break;
      case "w:subDoc":
        story.document.warn("embedded-object-unread", 1, nameOfLink(story, child));
        break;
      default:
        // Hyperlinks, insertions, tags and directions of writing are around runs.
        readInline(place, child.children);
    }
  }
};

const nameOfLink = (story: Story, element: XmlElement): string | undefined =>
  story.document.relationship(story.part, element.attributes["r:id"])?.target;

const readRun = (place: Place, run: XmlElement): void => {
  const properties = childOf(run, "w:rPr");
  const isHidden = place.story.document.isHidden(place.style, properties);
  readRunContent(place, run.children, properties, isHidden);
};

const readRunContent = (
  place: Place,
  children: XmlElement["children"],
  properties: XmlElement | undefined,
  isHidden: boolean,
): void => {
  const { story, line } = place;
  const { fields } = story;
  const put = (text: string) => putText(place, text, isHidden);
  /** The mark of a note may be typed after the reference to it. */
  let isAfterMark = false;
  for (const child of children) {
    if (typeof child === "string") continue;
    const { name, attributes } = child;
    switch (name) {
      case "w:t": {
        if (isAfterMark) break;
        const text = child.children.length === 1 ? String(child.children[0]) : child.children.filter(isText).join("");
        if (isPower(line, text, properties) && !isHidden) put("^");
        put(symbolText(text.replace(/[\r\n]+/g, " "), fontOf(properties)));
        break;
      }
      case "w:tab":
      case "w:ptab":
        put("\t");
        break;
      case "w:br":
      case "w:cr":
        put("\n");
        break;
      case "w:noBreakHyphen":
        put("-");
        break;
      case "w:sym":
        if (!isAfterMark) put(symbolOf(Number.parseInt(attributes["w:char"] ?? "", 16) || 0, attributes["w:font"]));
        break;
      case "w:fldChar":
        if (story.unclosed.has(child)) break;
        if (attributes["w:fldCharType"] === "begin") fields.begin(childOf(child, "w:ffData"));
        else if (attributes["w:fldCharType"] === "separate") fields.separate();
        else put(fields.end());
        break;
      case "w:instrText":
        fields.instruct(child.children.filter(isText).join(""));
        break;
      case "w:footnoteReference":
      case "w:endnoteReference":
        if (!isHidden && fields.isVisible)
          place.notes(name === "w:footnoteReference" ? "footnote" : "endnote", attributes["w:id"], line);
        isAfterMark = isOn(attributes["w:customMarkFollows"] ?? "0");
        break;
      case "w:ruby":
        readInline(place, childOf(child, "w:rubyBase")?.children ?? []);
        if (containsText(childOf(child, "w:rt"))) story.document.warn("readings-left-out");
        break;
      case "w:drawing":
      case "w:pict":
      case "w:object":
        if (fields.isVisible) readDrawing(story, line, child, isHidden);
        break;
      case "mc:AlternateContent":
        readRunContent(place, chosen(child), properties, isHidden);
        break;
    }
  }
};

/** A raised number after a number: 10 and a raised 6 are no 106. */
const isPower = (line: Line, text: string, properties: XmlElement | undefined): boolean =>
  propertyOf(properties, "w:vertAlign") === "superscript" && /^[-−+]?\d/.test(text) && /\d$/.test(line.text);

const isText = (child: XmlElement | string): child is string => typeof child === "string";

const fontOf = (properties: XmlElement | undefined): string | undefined => {
  const fonts = childOf(properties, "w:rFonts")?.attributes;
  return fonts?.["w:ascii"] ?? fonts?.["w:hAnsi"];
};

const putText = ({ story, line }: Place, text: string, isHidden: boolean): void => {
  if (text === "" || !story.fields.isVisible) return;
  if (isHidden) {
    line.hidden += text;
    return;
  }
  // A description of a picture is no part of the word after it.
  if (line.endsWithPicture && /^[\p{L}\p{N}]/u.test(text)) line.text += " ";
  line.endsWithPicture = false;
  line.text += text;
  story.fields.mark();
};

const readSimpleField = (place: Place, field: XmlElement): void => {
  const { fields } = place.story;
  fields.begin(childOf(field, "w:ffData"));
  fields.instruct(field.attributes["w:instr"] ?? "");
  fields.separate();
  readInline(place, field.children);
  putText(place, fields.end(), false);
};

const readMath = (place: Place, element: XmlElement): void => {
  const { story, line, style } = place;
  const runText = (run: XmlElement, text: string): string => {
    if (!story.document.isHidden(style, childOf(run, "w:rPr"))) return text;
    line.hidden += text;
    return "";
  };
  const text = ommlText(element, runText);
  // Equations next to each other are apart on the page too.
  putText(place, line.text !== "" && line.equationEnd === line.text.length ? ` ${text}` : text, false);
  line.equationEnd = line.text.length;
};
