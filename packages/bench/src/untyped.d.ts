declare module "pdfkit" {
  type Reference = { end(bytes: Uint8Array): void };
  export default class PDFDocument {
    constructor(options: { compress: boolean });
    page: { xobjects: Record<string, Reference> };
    on(event: "data", listener: (part: Buffer) => void): this;
    on(event: "end", listener: (value?: unknown) => void): this;
    addPage(): this;
    fontSize(size: number): this;
    text(text: string): this;
    ref(dictionary: Record<string, unknown>): Reference;
    addContent(operators: string): this;
    end(): void;
  }
}
