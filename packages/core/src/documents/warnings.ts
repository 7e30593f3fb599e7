import { type Warning, type WarningCode, warningCodes } from "@resolve/extraction/warnings";
import { z } from "zod";

/**
 * Everything that may be missing from a document that is ready: what it means for the tenant, and what to do. A code never
 * changes its meaning.
 */
export const warnings = {
  "hidden-text-left-out": {
    message: "Text that its application does not show was left out.",
    hint: "To find it too, set `reading.hiddenText` to `index` for the document or the tenant, and upload or reindex it.",
  },
  "hidden-sheets-left-out": {
    message: "Hidden sheets were left out.",
    hint: "Show the sheets and upload the file again, or set `reading.hiddenText` to `index`.",
  },
  "hidden-cells-left-out": {
    message: "Hidden rows or columns were left out.",
    hint: "Show them and upload the file again, or set `reading.hiddenText` to `index`.",
  },
  "hidden-slides-left-out": {
    message: "Hidden slides were left out.",
    hint: "Show the slides and upload the file again, or set `reading.hiddenText` to `index`.",
  },
  "comments-left-out": {
    message: "Comments were left out.",
    hint: "A comment is about the text and not part of it. Copy what must be found into the text.",
  },
  "deleted-text-left-out": {
    message: "Text that a tracked change deletes was left out; inserted text was kept.",
    hint: "Accept or reject the changes and upload the file again.",
  },
  "prompts-left-out": {
    message: "Prompts of a form that nobody has filled in were left out.",
    hint: "Nothing needs to be done, unless the form should have been filled in.",
  },
  "readings-left-out": {
    message: "Readings above Chinese, Japanese or Korean characters were left out; the characters were kept.",
    hint: "To find a reading too, write it in brackets after its word.",
  },
  "pages-without-text": {
    message: "Pages show something but contain no text; they may be scans.",
    hint: "Run text recognition (OCR) on the file and upload the result.",
  },
  "pages-undecodable": {
    message: "The fonts of some pages do not tell which characters they show, so their text was left out.",
    hint: "Run text recognition (OCR) on the file, or export it again from the program that made it.",
  },
  "images-unread": {
    message: "Pictures without a description, and scans that have nothing but a stamp as text, were not read.",
    hint: "Describe them in the document (alternative text), or upload them as files of their own with OCR.",
  },
  "attachment-unread": {
    message: "Attachments could not be read; their names can be found.",
    hint: "Upload the attachment as a document of its own: it tells the reason.",
  },
  "embedded-object-unread": {
    message: "Objects inside the document could not be read.",
    hint: "Upload the object as a document of its own.",
  },
  "bytes-replaced": {
    message: "Bytes that are no characters in the file's encoding were replaced.",
    hint: "Save the file as UTF-8 and upload it again.",
  },
  "formula-uncached": {
    message: "The file does not contain the values of some formulas; the formulas stand in their place.",
    hint: "Open the file in a spreadsheet application, let it calculate, save it and upload it again.",
  },
  "lines-malformed": {
    message: "Lines do not have the form of the others. What could be read of them was kept.",
    hint: "Correct the lines that are named and upload the file again.",
  },
  "navigation-left-out": {
    message: "Menus, cookie notices and the like around the main content were left out.",
    hint: "To find them too, upload the text of the page.",
  },
} as const satisfies Record<WarningCode, { message: string; hint: string }>;

/** A warning with its explanation. */
export const explained = (warning: Warning): z.input<typeof DocumentWarning> => ({
  ...warning,
  ...warnings[warning.code],
  docs: `/api/docs/warnings/${warning.code}`,
});

/** What a reader left out or could not read. */
export const DocumentWarning = z.object({
  code: z.enum(warningCodes),
  message: z.string(),
  hint: z.string(),
  /** The path of its page. */
  docs: z.string(),
  /** How often: words, sheets, rows, bytes …, as the code says. */
  count: z.int(),
  /** Where the first ones are, such as `page 3`, `sheet Costs`, `line 2`, or the name of an attachment. */
  places: z.array(z.string()),
});
