import { bootstrapPlatform } from "@resolve/core/identity";
import { z } from "zod";

/** `{rotate: true}` creates another operator key, for example when the first one was lost. */
const Input = z.object({ rotate: z.boolean().default(false) }).default({ rotate: false });

export const handler = async (event: unknown): Promise<{ adminApiKey: string | null }> =>
  bootstrapPlatform(Input.parse(event ?? undefined));
