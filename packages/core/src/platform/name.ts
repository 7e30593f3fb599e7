import { z } from "zod";

/** Characters that nobody sees, or that turn the text around them, so that two names look alike or one like another. */
const invisible = [
  /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/u,
  // Format characters, but for those of the next lines.
  /(?!\p{Join_Control}|\p{VS}|[\u{e0020}-\u{e007f}])\p{DI}/u,
  // Joiners (ZWJ, ZWNJ) shape letters of scripts without capitals, such as Arabic and Devanagari, and emojis.
  /(?<![\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])\p{Join_Control}/u,
  // Variation selectors choose the form of emojis and of such letters.
  /(?<![\p{Emoji}\p{Lo}\p{M}])\p{VS}/u,
  // Tags make the flag of a region from the black flag.
  /(?<![\u{1f3f4}\u{e0020}-\u{e007e}])[\u{e0020}-\u{e007f}]/u,
];

/** A name for people to read, in NFC: it is the same however its accents are encoded. */
export const displayName = (charsMax: number) =>
  z
    .string()
    .trim()
    .normalize("NFC")
    .min(1)
    .max(charsMax)
    .refine(
      (name) => !invisible.some((characters) => characters.test(name)),
      "must not have control characters or invisible characters",
    );
