import { z } from "zod";
import { hiddenOf } from "../documents/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { idSchema } from "../platform/id.ts";
import type { jsonObject } from "../platform/json.ts";
import { findCitation } from "../search/index.ts";

/** The result of `search.first_answer` as it is stored: ids only, because access lists decide who may read the document. */
export const FirstAnswer = z.object({
  question: z.string(),
  /** The question is \`seedQuestion\`, which every reader may see; another one is a part of a document. */
  isSeeded: z.boolean(),
  support: z.number(),
  supportMin: z.number(),
  /** The text that the answer lacks. */
  expected: z.string().optional(),
  /** Why the step waits for the next document. */
  waitsBecause: z.string().optional(),
  /** The best sentence; null without any. */
  cited: z
    .object({
      documentId: idSchema("document"),
      chunkId: idSchema("chunk"),
      score: z.number(),
      /** Its place in the chunk's text. */
      start: z.int(),
      end: z.int(),
    })
    .nullable(),
});
const Documents = z.object({ documentIds: z.array(idSchema("document")) });

/**
 * A step's result as a reader may see it: names, quotes and ids of those documents only that the reader may read. The
 * reader null may read none. A question made from a document is a part of it; only `seedQuestion` is shown to everybody. The
 * expected text is shown with the quote that lacks it, because it may repeat what a document says.
 */
export async function readableResult(
  reader: Ctx | null,
  result: z.output<typeof jsonObject>,
): Promise<z.output<typeof jsonObject>> {
  const answer = FirstAnswer.safeParse(result).data;
  if (answer) {
    const { question, expected, cited, ...rest } = answer;
    const found = reader && cited && (await findCitation(reader, cited));
    if (!found) return { ...(rest.isSeeded ? { question } : {}), ...rest };
    const { start, end, ...ids } = cited;
    const { name: documentName, page, text } = found;
    return {
      question,
      ...rest,
      ...(expected === undefined ? {} : { expected }),
      ...ids,
      documentName,
      page,
      ...(text === null ? {} : { quote: text.slice(start, end) }),
    };
  }
  const { documentIds } = Documents.safeParse(result).data ?? {};
  if (!documentIds) return result;
  const hidden = reader ? await withTx(reader, (ctx) => hiddenOf(ctx, documentIds)) : new Set<string>(documentIds);
  return { ...result, documentIds: documentIds.filter((id) => !hidden.has(id)) };
}
