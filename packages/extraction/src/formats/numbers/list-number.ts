/**
 * A number of a list as it is displayed, in one of Word's formats (ECMA-376 part 1, 17.18.59). Formats that are not here are
 * written in digits.
 */
export const listNumber = (value: number, format: string, pattern?: string): string => {
  // "001, 002, 003, ..." is the way in which files describe numbers with leading zeros.
  const zeros = /^(0*)1,/.exec(pattern ?? "")?.[1];
  if (format === "custom" && zeros !== undefined) return String(value).padStart(zeros.length + 1, "0");
  return formats[format]?.(value) ?? String(value);
};

/** A letter per number; after the last one each letter is written twice, then three times, as Word does. */
const letters =
  (alphabet: string) =>
  (value: number): string | undefined => {
    const all = [...alphabet];
    const times = Math.ceil(value / all.length);
    return value < 1 || times > 30 ? undefined : all[(value - 1) % all.length]!.repeat(times);
  };

/** a … z, aa, ab …, as OpenDocument and HTML count. */
const alphabetic = (value: number): string | undefined => {
  let text = "";
  for (let left = value; left > 0; left = Math.floor((left - 1) / 26))
    text = String.fromCharCode(97 + ((left - 1) % 26)) + text;
  return text === "" ? undefined : text;
};

const romanDigits: readonly [number, string][] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

const roman = (value: number): string | undefined => {
  if (value < 1 || value > 9999) return undefined;
  let left = value;
  let text = "";
  for (const [worth, digits] of romanDigits) for (; left >= worth; left -= worth) text += digits;
  return text;
};

const ordinal = (value: number): string => {
  const teens = value % 100 >= 11 && value % 100 <= 13;
  return `${value}${teens ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th")}`;
};

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const irregular: Record<string, string> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

const words = (value: number): string | undefined => {
  if (value < 0 || value > 99) return undefined;
  if (value < 20) return small[value];
  const unit = value % 10;
  return `${tens[Math.floor(value / 10) - 2]}${unit === 0 ? "" : `-${small[unit]}`}`;
};

const ordinalWords = (value: number): string | undefined =>
  words(value)?.replace(
    /[a-z]+$/,
    (last) => irregular[last] ?? (last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`),
  );

const capital = (text: string | undefined): string | undefined => text && text[0]!.toUpperCase() + text.slice(1);

/** Chinese and Japanese numerals up to 9999. */
const ideographs = (value: number): string | undefined => {
  if (value < 1 || value > 9999) return undefined;
  const digits = "零一二三四五六七八九";
  let text = "";
  for (const [worth, unit] of [
    [1000, "千"],
    [100, "百"],
    [10, "十"],
  ] as const) {
    const digit = Math.floor(value / worth) % 10;
    if (digit > 0) text += (digit === 1 && worth === 10 && value < 20 ? "" : digits[digit]) + unit;
    else if (text !== "" && value % worth > 0 && !text.endsWith("零")) text += "零";
  }
  return value % 10 === 0 ? text : text + digits[value % 10];
};

const ideographDigits = (value: number): string =>
  String(value).replace(/\d/g, (digit) => "〇一二三四五六七八九"[Number(digit)]!);

/** Consecutive characters of Unicode, from the one for 1. */
const sequence = (first: number, count: number) => (value: number) =>
  value >= 1 && value <= count ? String.fromCodePoint(first + value - 1) : undefined;

const digitsFrom = (zero: number) => (value: number) =>
  String(value).replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

const formats: Readonly<Record<string, (value: number) => string | undefined>> = {
  none: () => "",
  bullet: () => "",
  decimalZero: (value) => String(value).padStart(2, "0"),
  lowerLetter: letters("abcdefghijklmnopqrstuvwxyz"),
  upperLetter: letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
  // Not among Word's.
  lowerAlphabetic: alphabetic,
  upperAlphabetic: (value) => alphabetic(value)?.toUpperCase(),
  lowerRoman: roman,
  upperRoman: (value) => roman(value)?.toUpperCase(),
  ordinal,
  cardinalText: (value) => capital(words(value)),
  ordinalText: (value) => capital(ordinalWords(value)),
  hex: (value) => value.toString(16).toUpperCase(),
  chicago: letters("*†‡§"),
  numberInDash: (value) => `- ${value} -`,
  decimalEnclosedCircle: sequence(0x2460, 20),
  decimalEnclosedCircleChinese: sequence(0x2460, 20),
  decimalEnclosedParen: sequence(0x2474, 20),
  decimalEnclosedFullstop: sequence(0x2488, 20),
  decimalFullWidth: digitsFrom(0xff10),
  decimalFullWidth2: digitsFrom(0xff10),
  arabicAlpha: letters("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
  arabicAbjad: letters("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
  hebrew2: letters("אבגדהוזחטיכלמנסעפצקרשת"),
  hindiNumbers: digitsFrom(0x0966),
  thaiNumbers: digitsFrom(0x0e50),
  russianLower: letters("абвгдежзиклмнопрстуфхцчшщыэюя"),
  russianUpper: letters("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
  ganada: letters("가나다라마바사아자차카타파하"),
  chosung: letters("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
  aiueoFullWidth: letters(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
  ),
  aiueo: letters("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"),
  iroha: letters("イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"),
  irohaFullWidth: letters(
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン",
  ),
  ideographTraditional: letters("甲乙丙丁戊己庚辛壬癸"),
  ideographZodiac: letters("子丑寅卯辰巳午未申酉戌亥"),
  ideographDigital: ideographDigits,
  japaneseDigitalTenThousand: ideographDigits,
  taiwaneseDigital: ideographDigits,
  chineseCounting: ideographs,
  chineseCountingThousand: ideographs,
  japaneseCounting: ideographs,
  taiwaneseCounting: ideographs,
  taiwaneseCountingThousand: ideographs,
};
