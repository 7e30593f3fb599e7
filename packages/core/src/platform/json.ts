import { z } from "zod";

/** Any JSON value. `z.json()` is recursive, which overflows the stack of the OpenAPI generator. `unknown` accepts all JSON, so the cast is safe. */
export const jsonValue = z.unknown() as unknown as z.ZodType<z.core.util.JSONType>;

/** A JSON object, such as metadata and event data. */
export const jsonObject = z.record(z.string(), jsonValue);
