/** Writes the dates and times of a workbook in ISO form. */

/** What a section of a number format shows of a moment. */
export type DateKind = {
  date?: "day" | "month" | "year";
  time?: "minutes" | "seconds" | "fractions";
  /** Words around it, such as "until". */
  before: string;
  after: string;
};

/**
 * What of a moment a section shows, or undefined when it shows a number or an elapsed time. Some writers use the letters of
 * their own language for day, month and year ("TT.MM.JJJJ", "jj/mm/aaaa").
 */
export const kindOfSection = (section: string): DateKind | undefined => {
  if (/\[[hms]+\]/i.test(section)) return undefined;
  const parts = [...section.matchAll(/"[^"]*"?|\\.|[_*].|\[[^\]]*\]?|AM\/PM|A\/P|上午\/下午|./gisu)].map(
    ([part]) => part,
  );
  const isLiteral = (part: string) => part.length > 1;
  const code = foreign(parts.filter((part) => !isLiteral(part)).join("")).toLowerCase();
  if (!/[ymdhs]|aaa/.test(code) || /[0#?@]/.test(code.replace(/s[.,]0+/, "")) || /[^ymdhsegab\P{L}]/u.test(code))
    return undefined;
  const hasTime = /[hs]/.test(code);
  // In formats of East Asia "aaa" is the day of the week, "e" the year of an era, and in Thai ones "b" the Buddhist year.
  const hasDay = /d|aaa/.test(code);
  const hasYear = /[yeb]/.test(code);
  const hasMonth = /mmm/.test(code) || (/m/.test(code) && (!hasTime || hasDay || hasYear));
  const first = parts.findIndex((part) => !isLiteral(part) && /[\p{L}]/u.test(part));
  const last = parts.findLastIndex((part) => !isLiteral(part) && /[\p{L}\p{N}]/u.test(part));
  return {
    ...(hasDay || (hasMonth && !hasYear && hasTime)
      ? { date: "day" as const }
      : hasMonth
        ? { date: "month" as const }
        : hasYear
          ? { date: "year" as const }
          : {}),
    ...(hasTime
      ? {
          time: /s[.,]0/.test(code)
            ? ("fractions" as const)
            : /s/.test(code)
              ? ("seconds" as const)
              : ("minutes" as const),
        }
      : {}),
    before: words(parts.slice(0, first)),
    after: words(parts.slice(last + 1)),
  };
};

/** The literal words of a part of a format; the markers of Chinese, Japanese and Korean dates say nothing more than ISO form. */
const words = (parts: string[]): string => {
  const text = parts.map((part) =>
    part.startsWith('"') ? part.replaceAll('"', "") : /^\\/.test(part) ? part.slice(1) : " ",
  );
  const joined = text.join("").replace(/\s+/g, " ").trim();
  return /\p{L}{2}/u.test(joined) && !/^[年月日時时分秒년월일시분초\s]+$/u.test(joined) ? joined : "";
};

/** The letters of other languages as those of English: day T G P, month K, year J A R V Å. French has J for the day. */
const foreign = (code: string): string => {
  if (!/^[tgpdjmkyarvåh:s.,\-/ ]+$/iu.test(code) || !/[mk]/i.test(code) || !/[tgpjkarvå]/iu.test(code)) return code;
  const day = /a/i.test(code) && /j/i.test(code) ? /[tgpj]/gi : /[tgp]/gi;
  return code
    .replace(day, "d")
    .replace(/k/gi, "m")
    .replace(/[jarvå]/giu, "y");
};

const msPerDay = 86_400_000;
/** 9999-12-31, the last day of a workbook. */
const serialMax = 2_958_466;

/** A serial number as a date in ISO form, or undefined when it is none. */
export const dateText = (
  serial: number,
  { date, time, before, after }: DateKind,
  is1904: boolean,
): string | undefined => {
  if (serial < 0 || serial >= serialMax) return undefined;
  // Rounded as it is shown: the last half second of a day belongs to the next one.
  const unit = time === "fractions" ? 1 : 1000;
  const ms = Math.round((serial * msPerDay) / unit) * unit;
  const day = Math.floor(ms / msPerDay);
  // A moment on day 0 is a time of day, whatever its format says.
  const isTimeOnly = day === 0 && !is1904 && time !== undefined;
  const length = date === "year" ? 4 : date === "month" ? 7 : 10;
  const parts = [
    before,
    date === undefined || isTimeOnly ? "" : dayText(day, is1904).slice(0, length),
    time === undefined ? "" : timeText(ms % msPerDay, time),
    after,
  ];
  return parts.filter(Boolean).join(" ");
};

/** The day of a serial number. The 1900 system counts a day 1900-02-29 (ECMA-376 part 1, 18.17.4.1). */
const dayText = (day: number, is1904: boolean): string => {
  if (!is1904 && day === 60) return "1900-02-29";
  if (!is1904 && day === 0) return "1900-01-00";
  const start = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  return new Date(start + day * msPerDay).toISOString().slice(0, 10);
};

const timeText = (ms: number, precision: "minutes" | "seconds" | "fractions"): string => {
  const text = new Date(ms).toISOString();
  return text.slice(11, precision === "minutes" ? 16 : precision === "seconds" ? 19 : 23);
};
