/** Recognises UTF-16 without a byte order mark. */

/** Enough for a guess. */
const sampleBytes = 65_536;

/**
 * The byte order of UTF-16 without a mark: zero bytes are common and nearly all in one half of the pairs, and the pairs are
 * characters of text.
 */
export const guessUtf16 = (bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined => {
  const sample = bytes.subarray(0, Math.min(sampleBytes, bytes.length - (bytes.length % 2)));
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at % 2]! += 1;
  const [high, low] = zeros as [number, number];
  if (high + low < Math.max(2, sample.length / 100) || Math.min(high, low) * 10 > Math.max(high, low)) return undefined;
  const encoding = low > high ? "utf-16le" : "utf-16be";
  const text = new TextDecoder(encoding).decode(sample);
  // Lone surrogates become U+FFFD; the last one may be cut.
  const wrong = text.slice(0, -1).match(/[\p{Cn}\p{Co}\ufffd]|[^\P{Cc}\t\n\f\r]/gu)?.length ?? 0;
  return wrong === 0 ? encoding : undefined;
};
