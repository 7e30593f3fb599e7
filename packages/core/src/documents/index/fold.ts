/** Letters that Unicode does not decompose into a plain letter and a mark. */
const plainLetters: Record<string, string> = {
  ß: "ss",
  ł: "l",
  ø: "o",
  đ: "d",
  ð: "d",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ı: "i",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ə: "e",
  // Arabic: forms of alef, and letters that Persian keyboards and careless typing exchange.
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
  // Devanagari: a nasal vowel is written with either mark.
  "\u0901": "\u0902",
};
const plainLetter = new RegExp(`[${Object.keys(plainLetters).join("")}]`, "gu");

/** How words are spelled without a key for the letter: Mueller, Aarhus. */
const spelledLetters: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };
const spelledLetter = /[äöüåø]/gu;

/**
 * Marks that a reader may leave out. In Cyrillic only the stress and the dots of ё: й and ї are letters of their own.
 * The vowels of Indic and Thai words and the marks of kana are marks too, and the word differs without them.
 */
const marks = [
  String.raw`(?<=[\p{Script=Latin}\p{Script=Greek}][\u0300-\u036f]*)[\u0300-\u036f]`,
  String.raw`(?<=\p{Script=Cyrillic})[\u0300\u0301]`,
  String.raw`(?<=е)\u0308`,
  // Arabic vowels, Hebrew points, and the dot below a Devanagari letter.
  String.raw`[\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u093c]`,
].join("|");
const mark = new RegExp(marks, "gu");
const isAscii = /^[\0-\x7f]*$/;

/** Longer words have no lexeme (app.lexemes), and a run of marks takes time that grows with its square. */
const wordCharsMax = 255;

/** A word in lower case without accents: müller becomes muller. */
export const folded = (word: string): string =>
  word
    // Before the marks: in Arabic, a form of alef decomposes into an alef and a mark.
    .replace(plainLetter, (letter) => plainLetters[letter] ?? letter)
    .normalize("NFD")
    .replace(mark, "")
    .normalize("NFC");

const version = /^v(?=\d+(?:\.\d+)+$)/;

/**
 * Other spellings of a word in lower case, which match with less weight: without accents (muller for müller), with
 * spelled-out letters (mueller), and a version without its v.
 */
export const spellingsOf = (word: string): string[] => {
  if (word.length > wordCharsMax) return [];
  if (!isAscii.test(word)) return accentSpellingsOf(word);
  return version.test(word) ? [word.slice(1)] : [];
};

/** Other numbers with several points are one word: 7.100.16 is no 100. */
const date = /^(?:(?:\d{1,2}\.){2}\d{4}|\d{4}(?:\.\d{1,2}){2})$/;

/** What a word of a text is found by beside itself: its other spellings, and the year of a date. A query for a date is none for its year. */
export const textFormsOf = (word: string): string[] => [
  ...spellingsOf(word),
  ...(date.test(word) ? (word.match(/\d{4}/g) ?? []) : []),
];

const accentSpellingsOf = (word: string): string[] => {
  // A single letter with an accent is a word of its own: the French à is not the English a.
  if (word.length < 2) return [];
  const spelled = word.replace(spelledLetter, (letter) => spelledLetters[letter] ?? letter);
  const spellings = new Set([folded(word), folded(spelled)]);
  spellings.delete(word);
  return [...spellings];
};

/**
 * The form of a word that has exactly these accents. A stemmer that removes accents makes one lexeme of médico and medico,
 * and this form still tells them apart. Undefined for a word without accents.
 */
export const exactFormOf = (word: string): string | undefined =>
  isAscii.test(word) || word.length < 2 || word.length > wordCharsMax || folded(word) === word ? undefined : `=${word}`;
