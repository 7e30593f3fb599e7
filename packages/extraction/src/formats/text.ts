import { decode } from "./decode.ts";
import type { Reader } from "./reader.ts";

export const readText: Reader = (bytes, builder) => {
  for (const paragraph of decode(bytes)
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .split(/\n\s*\n/))
    builder.add("paragraph", paragraph);
  return null;
};
