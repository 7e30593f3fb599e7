import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import type { ExtractionFailure, Reading } from "../../extraction.ts";
import { linesOf, readAs } from "../testing/read.ts";

const fonts =
  "{\\fonttbl{\\f0\\fnil\\fcharset0 Arial;}{\\f1\\fcharset238 Arial CE;}{\\f2\\fcharset204{\\*\\falt Times}Arial Cyr;}{\\f3\\fcharset128 MS Mincho;}{\\f4\\fcharset2 Symbol;}{\\f5\\fcharset2 Wingdings;}}";
const styles =
  "{\\stylesheet{\\ql Normal;}{\\s1\\outlinelevel0 Titre 1;}{\\s2 heading 2;}{\\*\\cs10 \\additive Default Paragraph Font;}}";
const document = (body: string) =>
  Buffer.from(
    `{\\rtf1\\ansi\\ansicpg1252\\deff0${fonts}{\\colortbl;\\red0\\green0\\blue0;}${styles}{\\info{\\title Not text}}${body}}`,
    "latin1",
  );
const hex = (text: string, encoding: string) =>
  [...iconv.encode(text, encoding)].map((byte) => `\\'${byte.toString(16).padStart(2, "0")}`).join("");

const reading = (bytes: Buffer, hiddenText: Reading["hiddenText"] = "leave-out") =>
  readAs(bytes, "a.rtf", { reading: { hiddenText } });
const lines = async (body: string, hiddenText?: Reading["hiddenText"]) =>
  linesOf(await reading(document(body), hiddenText));
const textOf = async (body: string) => (await reading(document(body))).text;
const warningsOf = async (body: string) =>
  Object.fromEntries((await reading(document(body))).warnings.map(({ code, count }) => [code, count]));

test("bytes are decoded with the code page of their font, also where a character's second byte is a plain letter", async () => {
  const polish = hex("Łódź", "cp1250");
  const russian = hex("Весло", "cp1251");
  const [lead, trail] = iconv.encode("ア", "cp932");
  const japanese = `${hex("倉庫", "cp932")}\\'${lead!.toString(16)}${String.fromCharCode(trail!)}`;
  expect(await textOf(`{\\f1 ${polish}} {\\f2 ${russian}} {\\f3 ${japanese}} {\\f0 caf\\'e9}\\par`)).toBe(
    "Łódź Весло 倉庫ア café",
  );
  expect(await textOf(`\\rtlch\\af2\\ltrch\\f1 ${polish} \\loch\\f0\\dbch\\af3 ${hex("桟橋", "cp932")}`)).toBe(
    "Łódź 桟橋",
  );
  const plain = Buffer.from(`{\\rtf1\\ansi\\ansicpg1251 ${russian}}`, "latin1");
  expect((await reading(plain)).text).toBe("Весло");
  expect((await reading(Buffer.from("{\\rtf1\\mac {\\b caf\\'8e}}", "latin1"))).text).toBe("café");
  expect((await reading(Buffer.from("{\\rtf1\\ansi Łódź 倉庫}"))).text).toBe("Łódź 倉庫");
});

test("Unicode characters replace as many fallback characters as the file says", async () => {
  expect(
    await textOf("\\u321?\\u243\\'f3d\\uc2\\u378\\'9f?\\uc0\\u8212 end\\uc1\\u-10179?\\u-8704?{\\uc0 \\u8364}5"),
  ).toBe("Łódź—end😀€5");
  expect(await textOf("{\\upr{fallback}{\\*\\ud{Za\\u380?}}} a\\u8364\\par b")).toBe("Zaż a€\n\nb");
  expect(await textOf("{\\f4 a\\'b7b} {\\f5 \\'fc}ok{\\f5\\u-3972?}")).toBe("α•β ✓ok🏶");
});

test("special characters, symbols and escapes are characters", async () => {
  expect(
    await textOf("a\\tab b\\line c\\~d\\_e\\-f\\emdash\\endash\\lquote\\rdblquote\\{\\}\\\\\\bullet g\nh\r\ni"),
  ).toBe("a\tb\nc\u00a0d‑ef—–‘”{}\\•ghi");
});

test("headings have the level of their style or outline", async () => {
  const body =
    "\\pard\\s1 One\\par\\pard\\s2 Two\\par\\pard\\outlinelevel2 Three\\par\\pard\\outlinelevel9 body\\par\\pard plain";
  expect(await lines(body)).toEqual([
    "heading1: One",
    "heading2: Two",
    "heading3: Three",
    "paragraph: body",
    "paragraph: plain",
  ]);
});

test("list items show their numbers and not their bullets", async () => {
  const body =
    "\\pard{\\listtext\\pard\\plain 2.1\\tab}\\ls1 first\\par{\\listtext\\f4\\'b7\\tab}\\ls1 second\\par\\pard{\\pntext a)\\tab}{\\*\\pn\\pnlvlbody{\\pntxta )}}third\\par\\pard plain";
  expect(await lines(body)).toEqual(["list: 2.1 first", "list: second", "list: a) third", "paragraph: plain"]);
});

test("hidden and deleted words are left out and counted", async () => {
  const body = "Price {\\v secret }9{\\v0  EUR}\\deleted  gone\\deleted0 .\\par{\\v whole paragraph\\par}\\plain last";
  expect(await textOf(body)).toBe("Price 9 EUR.\n\nlast");
  expect(await warningsOf(body)).toEqual({ "hidden-text-left-out": 2, "deleted-text-left-out": 1 });
  expect(await lines(body, "index")).toEqual([
    "paragraph: Price secret 9 EUR.",
    "paragraph: whole paragraph",
    "paragraph: last",
  ]);
});

test("of a field its result is read, and of a field without one what it shows", async () => {
  const field = (instruction: string, result: string) =>
    `{\\field{\\*\\fldinst{${instruction}}}{\\fldrslt{${result}}}}`;
  expect(await textOf(`See ${field('HYPERLINK "http://x"', `clause ${field("REF a", "7")}`)}.`)).toBe("See clause 7.");
  expect(
    await textOf(`${field("EQ \\\\* jc0 \\\\o(\\\\s\\\\up 10(\\u12373?),\\u26716?\\u23798?)", "")}\\u20489?`),
  ).toBe("桜島倉 (さ)");
  expect(await textOf(`half ${field("EQ \\\\f(1,2)", "")}`)).toBe("half 1/2");
});

const row = (definitions: string, ...cells: string[]) =>
  `\\trowd${definitions}\\pard\\intbl ${cells.join("\\cell ")}\\cell\\row`;
test("tables keep their columns: merged cells, rows with other cells, header rows, tables in cells", async () => {
  const body = [
    row("\\trhdr\\clvmgf\\cellx1000\\clmgf\\cellx2000\\clmrg\\cellx3000", "Quay", "Fee", ""),
    row("\\trhdr\\clvmrg\\cellx1000\\cellx2010\\cellx3000", "", "Summer", "Winter"),
    row("\\cellx1000\\cellx2000\\cellx3000", "East\\par two", "11", "7"),
    row("\\cellx2000\\cellx3000", "wide", "8"),
    "\\pard after\\par",
    row(
      "\\cellx1000\\cellx2000",
      "a",
      "b\\par{\\pard\\intbl\\itap2 n1\\nestcell n2\\nestcell{\\*\\nesttableprops\\trowd\\cellx1\\cellx2\\nestrow}{\\nonesttables\\par}}\\pard\\intbl c",
    ),
  ].join("");
  expect(await lines(body)).toEqual([
    "table: Quay: East two | Fee / Summer: 11 | Fee / Winter: 7\nQuay: wide | Fee / Winter: 8",
    "paragraph: after",
    "table: a | b n1 | n2 c",
  ]);
});

test("a table whose depth or cells are wrong loses no words", async () => {
  const skipped =
    "\\trowd\\cellx5000\\pard\\intbl\\itap2 one\\par\\pard\\intbl\\itap5 two\\nestcell{\\*\\nesttableprops\\trowd\\cellx4000\\nestrow}\\pard\\intbl\\itap2 three\\nestcell{\\*\\nesttableprops\\trowd\\cellx4000\\nestrow}\\pard\\intbl\\itap1 four\\cell\\row\\pard five";
  expect(await lines(skipped)).toEqual(["table: one two three four", "paragraph: five"]);
  const surplus =
    "\\trowd\\cellx2000\\cellx4000\\cellx6000 Pos\\cell Work\\cell Price\\cell\\row\\trowd\\cellx2000\\cellx4000\\cellx6000 1\\cell Fit\\cell 100\\cell\\cell\\cell\\row\\trowd\\cellx4000\\cellx6000 Sum\\cell 120\\cell\\row\\pard end";
  expect(await lines(surplus)).toEqual([
    "table: Pos: 1 | Work: Fit | Price: 100\nPos: Sum | Price: 120",
    "paragraph: end",
  ]);
  expect(await lines("\\trowd\\cellx1 a\\cell b\\cell\\row\\pard\\intbl open")).toEqual([
    "table: a | b",
    "paragraph: open",
  ]);
});

test("notes follow their paragraph, headers and footers are there once, comments are counted", async () => {
  const header =
    "{\\headerr\\pard Order 7\\par}{\\footer Page {\\field{\\*\\fldinst PAGE}{\\fldrslt }}\\chpgn\\par}{\\footerf Valid\\par}";
  const body = `${header}One{\\super\\chftn}{\\footnote\\pard\\plain{\\super\\chftn} A note.}{\\*\\atnauthor Ann}\\chatn{\\*\\annotation why?} more.\\par\\sect${header}Two`;
  expect(await lines(body)).toEqual([
    "header: Order 7",
    "paragraph: One more.",
    "note: A note.",
    "paragraph: Two",
    "footer: Page",
    "footer: Valid",
  ]);
  expect(await warningsOf(body)).toEqual({ "comments-left-out": 1 });
});

test("text boxes are read once, pictures by their description or reported, binary data skipped", async () => {
  const body = [
    "A{\\shp{\\*\\shpinst{\\sp{\\sn shapeType}{\\sv 202}}{\\shptxt\\pard boxed\\par}}{\\shprslt{\\*\\do{\\dptxbxtext boxed\\par}}}} b\\par",
    "{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv A crane}}}\\pngblip 0aff}}{\\nonshppict{\\pict 0aff}}",
    "{\\pict\\wmetafile8\\bin5 }{\\}x}",
    "{\\object{\\*\\objdata 0102}{\\result{\\pict 00}shown}}\\par",
    "{\\shp{\\*\\shpinst{\\sp{\\sn pib}{\\sv{\\pict 00}}}{\\sp{\\sn wzDescription}{\\sv A quay}}}}end",
  ].join("");
  expect(await lines(body)).toEqual([
    "paragraph: A b",
    "paragraph: boxed",
    "paragraph: shown",
    "caption: A crane",
    "paragraph: end",
    "caption: A quay",
  ]);
  expect(await warningsOf(body)).toEqual({ "images-unread": 1, "embedded-object-unread": 1 });
});

test("formulas are written in one line, and a raised number stays apart", async () => {
  const formula =
    "{\\mmath{\\*\\moMath{\\mr v=}{\\mf{\\mfPr{\\mctrlPr x}}{\\mnum{\\mr s+1}}{\\mden{\\mr t}}}{\\msSup{\\me{\\mr x}}{\\msup{\\mr 2}}}}}{\\mmathPict{\\pict 00}}";
  expect(await textOf(`${formula} and 10{\\super 2} m{\\super 2}`)).toBe("v=(s+1)/tx^2 and 10^2 m2");
  const sum =
    "{\\*\\moMath{\\mnary{\\mnaryPr{\\mchr \\u8721?}{\\mctrlPr\\i}}{\\msub{\\mr i=1}}{\\msup{\\mr n}}{\\me{\\mrad{\\mradPr{\\mdegHide on}}{\\mdeg}{\\me{\\mr{\\i x}}}}}}}";
  expect(await textOf(`so ${sum} holds`)).toBe("so ∑_(i=1)^n √(x) holds");
});

const word = fc.integer({ min: 0, max: 999_999 }).map((number) => `w${number.toString(36)}é`);
type Node =
  | { word: string; how: "plain" | "hidden" | "deleted" | "note" | "box" | "list" | "skipped" }
  | { cells: string[][] };
const node: fc.Arbitrary<Node> = fc.oneof(
  fc.record({ word, how: fc.constantFrom("plain", "hidden", "deleted", "note", "box", "list", "skipped") }),
  fc.record({ cells: fc.array(fc.array(word, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 }) }),
);
const spelled = (text: string, cut: number) => {
  const spell = (part: string) => part.replaceAll("é", cut % 2 === 0 ? "\\'e9" : "\\u233?");
  const at = cut % text.length;
  return `{\\b ${spell(text.slice(0, at))}}${spell(text.slice(at))}`;
};

test("whatever the parts, visible words are there once and in order, hidden ones are not, and rows name their columns", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(node, { maxLength: 8 }), fc.nat(100), async (nodes, cut) => {
      const expected = ["anchor"];
      const body = nodes.map((one) => {
        if ("cells" in one) {
          const [head = [], ...rows] = one.cells;
          for (const texts of rows) expected.push(texts.map((text, at) => `${head[at]}: ${text}`).join(" | "));
          const definitions = "\\cellx1000\\cellx2000\\cellx3000";
          return `${one.cells.map((texts, at) => row(`${at === 0 ? "\\trhdr" : ""}${definitions}`, ...texts.map((text) => spelled(text, cut)))).join("")}\\pard\\par`;
        }
        const text = spelled(one.word, cut);
        const visible = {
          plain: `\\pard ${text}\\par`,
          note: `\\pard{\\footnote ${text}}\\par`,
          box: `\\pard{\\shp{\\*\\shpinst{\\shptxt ${text}\\par}}}\\par`,
          list: `\\pard{\\listtext 1.\\tab}${text}\\par`,
        };
        if (Object.hasOwn(visible, one.how)) expected.push(one.how === "list" ? `1. ${one.word}` : one.word);
        const hidden = {
          hidden: `\\pard{\\v ${text}}\\par`,
          deleted: `\\pard{\\deleted ${text}}\\par`,
          skipped: `{\\*\\unknown{${text}}}`,
        };
        return { ...visible, ...hidden }[one.how];
      });
      const { text } = await reading(document(`anchor\\par ${body.join("")}`));
      expect(text.split(/\n+/)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("damaged files give a result or an error, quickly", async () => {
  const base = document(
    `One{\\footnote two}{\\v three}\\par${row("\\cellx1\\cellx2", "a", "b")}{\\listtext 1.}x{\\pict\\bin3 abc}`,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.nat(base.length - 1), fc.constantFrom(...Buffer.from("{}\\'u9*-; \u0000\u00ff", "latin1"))),
        { maxLength: 12 },
      ),
      fc.nat(base.length),
      async (flips, length) => {
        const bytes = Buffer.from(length % 3 === 0 ? base.subarray(0, length) : base);
        for (const [at, value] of flips) if (at > 6 && at < bytes.length) bytes[at] = value;
        const startedAt = performance.now();
        await reading(bytes).catch((error: ExtractionFailure) => expect(error).toBeInstanceOf(Error));
        expect(performance.now() - startedAt).toBeLessThan(1000);
      },
    ),
    { numRuns: 400 },
  );
});

test("half a megabyte of any one thing is read quickly", { timeout: 60_000 }, async () => {
  const pieces = [
    "{",
    "\\par x",
    "{\\super 2}1",
    "{\\mmath{\\*\\moMath{\\mf{\\mnum{\\mr a}}{\\mden{\\mr b}}}}}",
    "\\trowd\\cellx1 a\\cell\\row",
    "\\u8364?",
    "\\'e9",
    "{\\pict 00}",
    "{\\footnote x}",
  ];
  for (const piece of pieces) {
    const bytes = document(`x${piece.repeat(Math.ceil(500_000 / piece.length))}`);
    const startedAt = performance.now();
    await reading(bytes).catch((error: Error) => expect(error.message).toContain("deeply"));
    expect(performance.now() - startedAt, piece).toBeLessThan(5000);
  }
});
