/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Ocr = ReturnType<typeof createOcr>;

/** The link to Amazon Textract, when the stage has OCR switched on. Textract needs no resource. */
export const createOcr = (stage: Stage) =>
  stage.ocr ? { link: new sst.Linkable("Ocr", { properties: { provider: "textract" } }) } : undefined;
