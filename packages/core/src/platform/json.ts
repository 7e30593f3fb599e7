import { z } from "zod";

/** Any JSON value. Not `z.json()`: the OpenAPI generator follows its recursion until the stack is used up. */
export const jsonValue = z.unknown() as unknown as z.ZodType<z.core.util.JSONType>;

/** Values by name, as in metadata and event data. */
export const jsonObject = z.record(z.string(), jsonValue);
