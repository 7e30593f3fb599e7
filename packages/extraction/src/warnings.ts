/** Everything that a reader may leave out or fail to read although the document becomes ready. A code never changes its meaning. */
export const warningCodes = [
  /** Words or elements that are hidden in their application, and invisible text of a PDF. */
  "hidden-text-left-out",
  "hidden-sheets-left-out",
  /** Hidden rows and columns of a sheet. */
  "hidden-cells-left-out",
  "hidden-slides-left-out",
  "comments-left-out",
  /** Text that a tracked change deletes. */
  "deleted-text-left-out",
  /** Prompts of a form that nobody has filled in, such as "Click to enter text". */
  "prompts-left-out",
  /** Readings above Chinese, Japanese or Korean characters (ruby). */
  "readings-left-out",
  /** Pages of a PDF that have no text, such as scans. */
  "pages-without-text",
  /** Pages of a PDF whose font does not say which characters it shows. */
  "pages-undecodable",
  /** Pictures without a description, whose contents were not read. */
  "images-unread",
  "attachment-unread",
  /** Objects, such as another application's drawing, inside a document. */
  "embedded-object-unread",
  /** Bytes that are no characters in the file's encoding; U+FFFD replaces each. */
  "bytes-replaced",
  /** Formulas whose value the file does not contain; the formula stands in its place. */
  "formula-uncached",
  /** Lines of CSV or NDJSON that do not have the form of the others. */
  "lines-malformed",
  /** Menus, cookie notices and the like around the main content of a page. */
  "navigation-left-out",
] as const;

export type WarningCode = (typeof warningCodes)[number];

export type Warning = {
  code: WarningCode;
  /** How often it happened: words, sheets, rows, lines, bytes … as the code says. */
  count: number;
  /** Where the first ones are: "page 3", "sheet Costs", "line 2", the name of an attachment. */
  places: string[];
};

/** Enough to find the cause, and few enough for a response. */
const placesMax = 10;
const placeCharsMax = 200;

/** Collects the warnings of one file. */
export class Warnings {
  readonly #byCode = new Map<WarningCode, Warning>();

  add(code: WarningCode, place?: string, count = 1): void {
    const warning = this.#byCode.get(code) ?? { code, count: 0, places: [] };
    warning.count += count;
    const name = place
      ?.toWellFormed()
      .replace(/[\p{Cc}\s]+/gu, " ")
      .trim()
      .slice(0, placeCharsMax)
      .toWellFormed();
    if (name && warning.places.length < placesMax && !warning.places.includes(name)) warning.places.push(name);
    this.#byCode.set(code, warning);
  }

  /** In the order of `warningCodes`. */
  list(): Warning[] {
    return warningCodes.flatMap((code) => this.#byCode.get(code) ?? []);
  }
}
