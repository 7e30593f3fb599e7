import type { Extraction } from "@resolve/extraction/extraction";
import type { Ctx } from "../../platform/context.ts";
import type { Id } from "../../platform/id.ts";
import type { Original } from "../original.ts";
import type { Stage } from "../states.ts";
import type { Index } from "./write.ts";

export type StoredOriginal = Original & { id: Id<"document">; version: number };
export type MadeIndex = { extraction: Extraction; sha256: Buffer; index: Index };
export type OnStage = (stage: Stage) => Promise<void> | void;

/**
 * Reads an original and computes its index (`makerWithin` in make.ts). Whoever processes documents brings it, because the readers
 * and the tokenizer are most of the code, and the other functions that share these modules are to start without them.
 */
export type Maker = (ctx: Ctx, original: StoredOriginal, onStage?: OnStage) => Promise<MadeIndex>;
