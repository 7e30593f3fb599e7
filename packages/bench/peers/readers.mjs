/** Readers of other projects, as their documentation uses them: a file's text from its bytes. */
import { readFile } from "node:fs/promises";

const office = ["docx", "docm", "pptx", "xlsx", "odt", "odp", "ods", "rtf", "pdf", "csv", "md", "html", "epub"];

export const readers = {
  mammoth: {
    formats: ["docx"],
    open: async () => {
      const { default: mammoth } = await import("mammoth");
      return async (path) => (await mammoth.extractRawText({ path })).value;
    },
  },
  officeparser: {
    formats: office,
    open: async () => {
      const { OfficeGenerator, OfficeParser } = await import("officeparser");
      return async (path) => {
        const made = await OfficeGenerator.generate(await OfficeParser.parseOffice(path), "text");
        return String(made.value ?? made);
      };
    },
  },
  anydoc: {
    formats: ["doc", "docx", "docm", "odt", "pdf", "ppt", "pptx", "rtf", "epub", "xlsx", "xls", "ods", "odp", "csv"],
    open: async () => {
      const { toMarkdown } = await import("@firecrawl/anydoc");
      return async (path) => toMarkdown(path);
    },
  },
  PDFium: {
    formats: ["pdf"],
    open: async () => {
      const { PDFiumLibrary } = await import("@hyzyla/pdfium");
      const library = await PDFiumLibrary.init();
      return async (path) => {
        const document = await library.loadDocument(await readFile(path));
        const pages = Array.from(document.pages(), (page) => page.getText());
        document.destroy();
        return pages.join("\n");
      };
    },
  },
};
