/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

export type Ocr = ReturnType<typeof createOcr>;

/** Amazon Textract in the region of the bucket, where the stage has it switched on. It has nothing to create. */
export const createOcr = (stage: Stage) =>
  stage.ocr ? { link: new sst.Linkable("Ocr", { properties: { provider: "textract" } }) } : undefined;
