/**
 * The characters of fonts that show symbols in place of letters, by code from 0x20. A space stands for a symbol without an
 * equivalent in Unicode. Files write the codes as they are or plus 0xF000, in Unicode's private area.
 */
const rows = (...text: string[]): string[] => [...text.join("")];

/** Adobe's Symbol encoding. */
const symbol = {
  32: rows(" !∀#∃%&∋()∗+,−./0123456789:;<=>?", "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_", "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
  160: rows(
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵",
    "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓",
    "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
  ),
};

const wingdings = {
  32: rows(
    " ✏✂✁👓🕭🕮🕯🕿✆🖂🖃📪📫📬📭📁📂📄🗏🗐🗄⌛🖮🖰🖲🖳🖴🖫🖬✇✍",
    "🖎✌👌👍👎☜☞☝☟🖐☺😐☹💣☠🏳🏱✈☼💧❄🕆✞🕈✠✡☪☯ॐ☸♈♉",
    "♊♋♌♍♎♏♐♑♒♓🙰🙵●🔾■□🞐❑❒⬧⧫◆❖⬥⌧⮹⌘🏵🏶🙶🙷",
  ),
  128: rows(
    "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿🙢🙠🙡🙣🙞🙜🙝🙟·•",
    "▪⚪🞆🞈◉◎🔿▪◻🟂✦★✶✴✹✵⯐⌖⟡⌑⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘",
    "🕙🕚🕛⮰⮱⮲⮳⮴⮵⮶⮷🙪🙫🙕🙔🙗🙖🙐🙑🙒🙓⌫⌦⮘⮚⮙⮛⮈⮊⮉⮋←",
    "→↑↓🡬🡭🡯🡮🡸🡺🡹🡻🡼🡽🡿🡾⇦⇨⇧⇩⬄⇳⬁⬀⬃⬂🢬🢭✗✓☒☑ ",
  ),
};

/** The ticks, boxes and arrows of the other fonts; their other symbols are ornaments. */
const wingdings2 = { 79: rows("✗✓☒☑☒"), 151: rows("●"), 162: rows("■□☐") };
const wingdings3 = { 102: rows("←→↑↓↖↗↙↘"), 112: rows("▲▼△▽◀▶◁▷") };
const webdings = { 52: rows("▶"), 97: rows("✓"), 99: rows("☐"), 103: rows("■"), 110: rows("●"), 114: rows("✗") };

const fonts = new Map<string, Readonly<Record<number, readonly string[]>>>([
  ["symbol", symbol],
  ["wingdings", wingdings],
  ["wingdings 2", wingdings2],
  ["wingdings 3", wingdings3],
  ["webdings", webdings],
]);

/** The character that a symbol font shows for a code; "" when Unicode has none. */
export const symbolOf = (code: number, font: string | undefined): string => {
  const own = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
  const table = fonts.get(font?.toLowerCase() ?? "");
  if (!table) return isPrivate(code) ? "" : characterOf(code);
  for (const [start, symbols] of Object.entries(table)) {
    const found = symbols[own - Number(start)];
    if (found !== undefined) return found === " " ? "" : found;
  }
  return "";
};

/**
 * Text with the symbols that its font shows in place of its characters: those of the private area, and letters of a
 * symbol font. Words in such a font are left alone, because a font that was set by mistake must not destroy them.
 */
export const symbolText = (text: string, font: string | undefined): string => {
  const replaced = text.replace(/[\ue000-\uf8ff]/g, (character) => symbolOf(character.charCodeAt(0), font));
  if (!fonts.has(font?.toLowerCase() ?? "") || replaced !== text || /\p{L}{3}/u.test(text)) return replaced;
  return text.replace(/[!-\u00ff]/g, (character) => symbolOf(character.charCodeAt(0), font));
};

const isPrivate = (code: number): boolean => code >= 0xe000 && code <= 0xf8ff;

/** A character by its number, or "" when there is none: surrogates and numbers beyond Unicode. */
export const characterOf = (code: number): string =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "";
