import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { readAs, warningsOf } from "../testing/read.ts";
import { decoded } from "./decode.ts";

test.each([
  ["windows-1252", "Crème brûlée – 12 € à l’Étoile"],
  ["windows-1252", "Die Größe der Gläser wird geprüft"],
  ["windows-1252", "He said “hi” – it’s ok…"],
  ["windows-1252", "¿Dónde está el niño? ¡Aquí!"],
  ["windows-1250", "Łódź: opłata 12 zł za każdą skrzynię śliwek"],
  ["windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"],
  ["windows-1251", "Москва"],
  ["windows-1251", "Арендная плата составляет 900 рублей."],
  ["koi8-r", "Арендная плата составляет 900 рублей."],
  ["windows-1253", "Η πληρωμή είναι 120 ευρώ"],
  ["windows-1255", "דמי השכירות הם 900"],
  ["shift_jis", "森田かおりは品質保証課に所属しています。"],
  ["euc-jp", "森田かおりは品質保証課に所属しています。"],
  ["gb18030", "仓库租金每月九百元,押金另计。"],
  ["big5", "倉庫租金每月九百元,押金另計。"],
  ["euc-kr", "창고 임대료는 매달 구백 유로입니다."],
  ["cp850", "Größe der Gläser wird geprüft"],
  ["macintosh", "Größe der Gläser – “geprüft”"],
  ["utf-16le", "Łódź kosztuje"],
  ["utf-16be", "Hello world"],
])("a short text in %s without a label is read as written", (encoding, text) => {
  expect(decoded(iconv.encode(text, encoding)).text).toBe(text);
});

test.each(["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"])("a byte order mark decides: %s", (encoding) => {
  const bytes = iconv.encode("Łódź 仓库 😀.", encoding, { addBOM: true });
  expect(decoded(bytes, "text/plain; charset=windows-1252").text.replace("\ufeff", "")).toBe("Łódź 仓库 😀.");
});

test("the label is the sender's, then that of the file, and both lose to bytes that are valid UTF-8", () => {
  const page = (charset: string) => `<meta http-equiv="Content-Type" content="text/html; charset=${charset}"><p>śliwki`;
  expect(decoded(iconv.encode(page("x"), "iso-8859-2"), "text/html; charset=iso-8859-2").text).toContain("śliwki");
  expect(decoded(iconv.encode(page("iso-8859-2"), "iso-8859-2")).text).toContain("śliwki");
  expect(decoded(Buffer.from(page("iso-8859-2")), "text/html; charset=windows-1251").text).toContain("śliwki");
  expect(decoded(iconv.encode('<?xml version="1.0" encoding="shift_jis"?><a>森', "cp932")).text).toContain("森");
  // To browsers iso-8859-1 means windows-1252 (Encoding standard, 4.2).
  expect(decoded(Buffer.from([0x93, 0x61, 0x94]), "text/plain; charset=iso-8859-1").text).toBe("“a”");
  expect(decoded(iconv.encode("仓库", "gb18030"), "text/plain; charset=gb2312").text).toBe("仓库");
});

test("stray bytes replace only themselves, with their character in windows-1252, and are counted", async () => {
  const bytes = Buffer.concat([
    Buffer.from("Müller Straße "),
    Buffer.from([0x93]),
    Buffer.from("x"),
    Buffer.from([0x81]),
  ]);
  const extraction = await readAs(bytes, "a.txt");
  expect(extraction.text).toBe("Müller Straße “x\ufffd");
  expect(warningsOf(extraction)).toEqual({ "bytes-replaced": 2 });
});

test("text is in the composed form, and the offsets of its blocks are those of the composed text", async () => {
  const extraction = await readAs("Cafe\u0301 Zu\u0308rich\n\nzwei\u200b\u00ad\u2060te", "a.txt");
  expect(extraction.text).toBe("Café Zürich\n\nzweite");
  expect(extraction.blocks.map(({ start, end }) => extraction.text.slice(start, end))).toEqual([
    "Café Zürich",
    "zweite",
  ]);
});

test("colours, overstruck letters and page breaks of a terminal are not words", async () => {
  const extraction = await readAs("\u001b[31merror\u001b[0m in N\bNA\bAM\bME\fnext", "a.log");
  expect(extraction.text).toBe("error in NAME\n\nnext");
});

test("every Unicode text survives each of its encodings", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .filter((one) => !["\0", "\ufeff", "\ufffd", "\u001b"].some((character) => one.includes(character)));
  fc.assert(
    fc.property(text, fc.constantFrom("utf-8", "utf-16le", "utf-16be"), (value, encoding) => {
      const addBOM = encoding !== "utf-8";
      expect(decoded(iconv.encode(value, encoding, { addBOM })).text).toBe(value);
    }),
    { numRuns: 300 },
  );
});

test("any bytes are decoded, without lone surrogates", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(decoded(bytes).text.isWellFormed()).toBe(true);
    }),
    { numRuns: 300 },
  );
});
