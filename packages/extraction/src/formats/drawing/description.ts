/**
 * The title and description of a picture as text, each once, or an empty string when they are only what applications write
 * there by themselves: the name of its file, or "Picture 3".
 */
export const pictureDescription = (...descriptions: (string | undefined)[]): string => {
  const texts = descriptions.map((one) => one?.trim() ?? "").filter((one) => one !== "" && !isAutomatic(one));
  return [...new Set(texts)].join(": ");
};

const isAutomatic = (text: string): boolean =>
  /^\S[^\n]{0,250}\.(png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp|ico|heic)$/i.test(text) ||
  /^(picture|image|grafik|bild|imagen|img|photo|graphic)([\s_-]?\d+)?$/i.test(text) ||
  /^((https?|file):\S*$|data:)/i.test(text);
