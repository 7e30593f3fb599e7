/** The words of a page header's or footer's code (ECMA-376 part 1, 18.3.1.46): fonts, page numbers and dates are no words. */
export const pageText = (code: string): string => {
  const parts = code.split(/&[LCR]/).map((part) => {
    const text = part.replace(/&&|&"[^"]*"|&K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|&\d{1,3}|&[A-Z]/gi, (all) =>
      all === "&&" ? "&" : "",
    );
    return wordsBeside(text, /&[PN]/i.test(part.replaceAll("&&", "")));
  });
  return parts.filter(Boolean).join(" | ");
};

/** Words that stand beside a page number, such as "Page … of", are part of it when there are not more than two. */
export const wordsBeside = (text: string, hasPageNumber: boolean): string => {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return words === 0 || (hasPageNumber && words <= 2) ? "" : text.replace(/\s+/g, " ").trim();
};
