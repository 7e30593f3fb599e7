/**
 * The description of a picture as text, or an empty string for the names that applications put there by themselves: of its
 * file, or "Picture 3".
 */
export const pictureText = (...descriptions: (string | undefined)[]): string => {
  const texts = descriptions.map((one) => one?.trim() ?? "").filter((one) => one !== "" && !isFileName(one));
  return [...new Set(texts)].join("\n");
};

const isFileName = (text: string): boolean =>
  /^\S.{0,200}\.(png|jpe?g|gif|bmp|tiff?|svg|emf|wmf|webp|ico|heic)$/i.test(text) ||
  /^(picture|image|grafik|bild|img|photo|graphic)[\s_-]?\d+$/i.test(text) ||
  /^(https?|file|data):\S*$/i.test(text);
