/** What the control words of RTF mean for the text of their group. */

/** What the text of a group is (RTF 1.9.1, "Destinations"). */
export type Destination =
  | "text"
  | "skip"
  /** A note, header, footer or text box, which is a sequence of paragraphs of its own. */
  | "note"
  | "header"
  | "footer"
  | "box"
  /** The number or bullet of a list item, as displayed. */
  | "label"
  | "fonts"
  | "styles"
  /** Of a field, such as `HYPERLINK "…"`. */
  | "instruction"
  | "property-name"
  | "property-value"
  /** The bytes of a picture, among which its description is. */
  | "picture"
  | "equation";

/** Destinations that are read although their control word may be marked with `\*`, which lets readers skip it. */
const byWord: Readonly<Record<string, Destination>> = {
  fonttbl: "fonts",
  stylesheet: "styles",
  footnote: "note",
  header: "header",
  headerl: "header",
  headerr: "header",
  headerf: "header",
  footer: "footer",
  footerl: "footer",
  footerr: "footer",
  footerf: "footer",
  shptxt: "box",
  dptxbxtext: "box",
  listtext: "label",
  pntext: "label",
  fldinst: "instruction",
  sn: "property-name",
  sv: "property-value",
  pict: "picture",
  moMath: "equation",
  moMathPara: "equation",
};

const skipped: ReadonlySet<string> = new Set(
  "info colortbl filetbl datafield nonshppict shprslt xe tc rxe txe bkmkstart bkmkend annotation atnid atnauthor atndate atnref atnicn atntime atnparent private xmlnstbl themedata colorschememapping latentstyles datastore pntxta pntxtb pnseclvl template operator author title subject keywords comment doccomm company manager category hlinkbase ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn nonesttables mmathPict objdata objclass objname listtable listoverridetable revtbl rsidtbl generator background userprops blipuid formfield docvar wgrffmtfilter protusertbl pgptbl ebcstart ebcend".split(
    " ",
  ),
);

/** Groups that contain others and have no meaning of their own. */
const transparent: ReadonlySet<string> = new Set([
  "shpinst",
  "do",
  "ud",
  "nesttableprops",
  "shppict",
  "shp",
  "sp",
  "picprop",
]);

/** The destination that a control word at the beginning of a group starts; undefined when it continues the outer one. */
export const destinationOf = (word: string, isStarred: boolean): Destination | undefined => {
  const named = Object.hasOwn(byWord, word) ? byWord[word] : undefined;
  if (named) return named;
  if (transparent.has(word)) return undefined;
  return skipped.has(word) || isStarred ? "skip" : undefined;
};

/** True for destinations that consist of paragraphs. */
export const isFlow = (destination: Destination): boolean => /^(text|note|header|footer|box)$/.test(destination);

/** Control words and symbols that are characters. */
export const characters: Readonly<Record<string, string>> = {
  tab: "\t",
  line: "\n",
  lbr: "\n",
  emdash: "—",
  endash: "–",
  emspace: " ",
  enspace: " ",
  qmspace: " ",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  "~": "\u00a0",
  _: "\u2011",
  zwj: "\u200d",
  zwnj: "\u200c",
  zwbo: "\u200b",
  ltrmark: "\u200e",
  rtlmark: "\u200f",
};
