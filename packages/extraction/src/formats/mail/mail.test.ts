import { readFileSync } from "node:fs";
import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { sharedData } from "../../../../../scripts/shared-data.ts";
import { expectAnswerWhenDamaged, words } from "../testing/arbitrary.ts";
import { readAs, warningsOf } from "../testing/read.ts";

const head = "From: Ida <ida@x.example>\nTo: desk@x.example\nMIME-Version: 1.0\n";
const lines = (source: string) => source.replaceAll("\n", "\r\n");
const mail = (source: string | Uint8Array) => readAs(typeof source === "string" ? lines(source) : source, "a.eml");
const multipart = (type: string, parts: string[], boundary = "b1") =>
  `Content-Type: multipart/${type}; boundary="${boundary}"\n\n${parts.map((part) => `--${boundary}\n${part}\n`).join("")}--${boundary}--\n`;
const bodyOf = async (source: string | Uint8Array) =>
  (await mail(source)).text.replace(/^From:[^\n]*\nTo:[^\n]*\n\n/, "");

test.each([
  ["a notice", "This message needs an HTML reader."],
  ["blanks", "\u00a0\u200b"],
  ["a beginning", "Dear Ida,"],
  ["a long notice", "Ihr E-Mail-Programm kann diese Nachricht leider nicht anzeigen; bitte nehmen Sie ein anderes."],
  ["another letter", "The quote for the Alder pump is EUR 810, and the one before is void."],
])("HTML is read, which mail programs show, when the plain text is %s", async (_, stub) => {
  const html =
    "Content-Type: text/html; charset=utf-8\n\n<p>The quote for the Alder pump is <b>EUR 910</b>, valid for nine days.</p>";
  const body = await bodyOf(
    head + multipart("alternative", [`Content-Type: text/plain; charset=utf-8\n\n${stub}`, html]),
  );
  expect(body).toBe("The quote for the Alder pump is EUR 910, valid for nine days.");
});

test("the plain text is read when the HTML has less than half of it, and never both", async () => {
  const letter = "The quote for the Alder pump is EUR 910.";
  const parts = [`Content-Type: text/plain\n\n${letter}`, `Content-Type: text/html\n\n<p>${letter}</p>`];
  expect(await bodyOf(head + multipart("alternative", parts))).toBe(letter);
  const mixed = [
    "Content-Type: text/html\n\n<p>Letter <i hidden>no</i>",
    "Content-Type: text/plain\n\nFooter of the list",
  ];
  expect(await bodyOf(head + multipart("mixed", mixed))).toBe("Letter\n\nFooter of the list");
});

test.each(["8bit", "quoted-printable", "base64"])(
  "text and headers without a charset are decoded by evidence: %s",
  async (encoding) => {
    const text = iconv.encode("Crème brûlée – 12 € à l’Étoile", "windows-1252");
    const quoted = text
      .toString("latin1")
      .replace(/[=\u0080-\u00ff]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase()}`);
    const body = encoding === "8bit" ? text : Buffer.from(encoding === "base64" ? text.toString("base64") : quoted);
    const header = Buffer.from(
      lines(
        `${head}Subject: Größe\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: ${encoding}\n\n`,
      ),
      "latin1",
    );
    const { text: found } = await mail(Buffer.concat([header, body]));
    expect(found).toContain("Größe");
    expect(found).toContain("Crème brûlée – 12 € à l’Étoile");
  },
);

test("the charset inside of an HTML part counts when the header names none", async () => {
  const html = iconv.encode(
    '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>śliwki',
    "iso-8859-2",
  );
  expect((await mail(Buffer.concat([Buffer.from(lines(`${head}Content-Type: text/html\n\n`)), html]))).text).toContain(
    "śliwki",
  );
});

test("forwarded messages, calendars, address cards and attachments are read, and signatures are no attachments", async () => {
  const forwarded = `${head}Subject: Inner\nContent-Type: text/plain\n\nInner words.`;
  const parts = [
    "Content-Type: text/plain; format=flowed\n\nPlease read \nbelow.",
    `Content-Type: message/rfc822\n\n${forwarded}`,
    'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Boiler\\, north\nDTSTART;TZID=Europe/Berlin:20310504T090000\nLOCATION:Quay\n  4\nATTENDEE;CN="Per Holt":mailto:per@x.example\nEND:VEVENT\nEND:VCALENDAR',
    "Content-Type: text/vcard\n\nBEGIN:VCARD\nFN:Ida Nowak\nTEL:12\nEND:VCARD",
    "Content-Type: text/csv\nContent-Disposition: attachment;\n filename*0*=utf-8''%C5%81%C3%B3d;\n filename*1*=%C5%BA.csv\n\na,b\n1,2",
    "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s\n\nabc",
    "Content-Type: application/octet-stream; name=secret.asc\n\n-----BEGIN PGP MESSAGE-----\n\nabc",
  ];
  const extraction = await mail(head + multipart("mixed", parts));
  for (const found of [
    "Please read below.",
    "Inner",
    "Inner words.",
    "Summary: Boiler, north",
    "Start: 2031-05-04 09:00 Europe/Berlin",
    "Where: Quay 4",
    "Attendee: Per Holt <per@x.example>",
    "Name: Ida Nowak",
    "Łódź.csv",
    "a: 1 | b: 2",
  ])
    expect(extraction.text).toContain(found);
  expect(extraction.warnings).toEqual([{ code: "attachment-unread", count: 1, places: ["secret.asc"] }]);
});

test("pictures inside of the letter are not attachments", async () => {
  const image = "Content-Type: image/png\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=";
  const shown = multipart("related", ['Content-Type: text/html\n\n<p>Seal <img alt="drawing" src="cid:p1">', image]);
  expect(warningsOf(await mail(head + shown))).toEqual({});
  expect(await bodyOf(head + shown)).toBe("Seal drawing");
  expect(warningsOf(await mail(head + multipart("related", ["Content-Type: text/html\n\n<p>Seal", image])))).toEqual({
    "images-unread": 1,
  });
});

test("attachments beyond the hundredth and messages deeper than three are named as unread", async () => {
  const parts = Array.from(
    { length: 103 },
    (_, at) => `Content-Type: text/plain\nContent-Disposition: attachment; filename=n${at}.txt\n\nword${at}`,
  );
  const many = await mail(head + multipart("mixed", parts));
  expect(many.warnings).toEqual([
    { code: "attachment-unread", count: 3, places: ["n100.txt", "n101.txt", "n102.txt"] },
  ]);
  let nested = `${head}Subject: s0\n\ndeepest`;
  for (let depth = 1; depth < 6; depth++)
    nested = `${head}Subject: s${depth}\n${multipart("mixed", [`Content-Type: message/rfc822\n\n${nested}`], `n${depth}`)}`;
  expect(warningsOf(await mail(nested))).toEqual({ "attachment-unread": 1 });
});

test("a mailbox gives all of its messages, and a saved page its text", async () => {
  const message = (at: number) =>
    `From a@x.example Tue Mar  4 09:12:0${at} 2031\n${head}Subject: Mail ${at}\n\nBody ${at}\n>From here\n\n`;
  for (const end of [(one: string) => one, lines]) {
    const { text } = await readAs(end(message(1) + message(2)), "box.mbox");
    for (const found of ["Mail 1", "Body 1\nFrom here", "Mail 2", "Body 2"]) expect(text).toContain(found);
  }
  const page = `From: <Saved by Blink>\nSnapshot-Content-Location: http://x.example\nSubject: Page\nMIME-Version: 1.0\n${multipart("related", ["Content-Type: text/html\n\n<meta charset=utf-8><h1>Page</h1><p>Łódź", "Content-Type: text/css\n\np{}"])}`;
  expect((await readAs(lines(page), "page.mhtml")).text).toBe("Page\n\nPage\n\nŁódź");
});

/** A winmail.dat of attributes (MS-OXTNEF 2.1.3). */
const tnef = (attributes: [level: number, id: number, data: Buffer][]): Buffer =>
  Buffer.concat([
    Buffer.from("789f3e220100", "hex"),
    ...attributes.map(([level, id, data]) => {
      const header = Buffer.alloc(9);
      header.writeUInt8(level, 0);
      header.writeUInt16LE(id, 1);
      header.writeUInt32LE(data.length, 5);
      return Buffer.concat([header, data, Buffer.alloc(2)]);
    }),
  ]);
const properties = (values: [id: number, type: number, value: Buffer][]): Buffer => {
  const parts = values.map(([id, type, value]) => {
    const header = Buffer.alloc(12);
    header.writeUInt16LE(type, 0);
    header.writeUInt16LE(id, 2);
    header.writeUInt32LE(1, 4);
    header.writeUInt32LE(value.length, 8);
    return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  });
  const count = Buffer.alloc(4);
  count.writeUInt32LE(values.length);
  return Buffer.concat([count, ...parts]);
};
const winmail = tnef([
  [1, 0x8004, Buffer.from("Lease\0")],
  [1, 0x9003, properties([[0x1013, 0x102, Buffer.from("<p>The rent is <b>EUR 3,180</b>.")]])],
  [2, 0x9002, Buffer.alloc(14)],
  [2, 0x8010, Buffer.from("FEES~1.CSV\0")],
  [2, 0x800f, Buffer.from("Name,Fee\nIda,3\n")],
  [2, 0x9005, properties([[0x3707, 0x1f, Buffer.from("Gebühren.csv\0", "utf16le")]])],
]);

test("winmail.dat is read, and its letter only when the mail has none", async () => {
  const { text } = await readAs(winmail, "winmail.dat");
  expect(text).toBe("Lease\n\nThe rent is EUR 3,180.\n\nGebühren.csv\n\nName: Ida | Fee: 3");
  const part = `Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${winmail.toString("base64")}`;
  const sent = await mail(
    head + multipart("mixed", ["Content-Type: text/plain\n\nThe rent is EUR 3,180 and more.", part]),
  );
  expect(sent.text.match(/3,180/g)).toHaveLength(1);
  expect(sent.text).toContain("Name: Ida | Fee: 3");
  const damaged = part.replace(/\n\n[\s\S]*$/, `\n\n${winmail.subarray(0, 60).toString("base64")}`);
  expect(
    warningsOf(await mail(head + multipart("mixed", ["Content-Type: text/plain\n\nSee the file.", damaged]))),
  ).toEqual({ "attachment-unread": 1 });
});

const outlook = sharedData("cases/files/b20-outlook.msg");
test.skipIf(!outlook)("an Outlook message is read, and a damaged one gives a result within a second", async () => {
  const bytes = readFileSync(outlook!);
  expect((await readAs(bytes, "a.msg")).text).toContain("EUR 3,180");
  await expectAnswerWhenDamaged(bytes, "a.msg", 60);
});

type Part = { kind: "text" | "html" | "file" | "message" | "mixed"; parts: Part[] };
const { part } = fc.letrec<{ part: Part }>((tie) => ({
  part: fc.record({
    kind: fc.constantFrom("text", "html", "file", "message", "mixed"),
    parts: fc.oneof({ maxDepth: 3 }, fc.constant<Part[]>([]), fc.array(tie("part"), { maxLength: 3 })),
  }),
}));

test("in any nesting of parts each word is there once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const names = words(300);
      const expected: string[] = [];
      let boundaries = 0;
      const word = () => {
        expected.push(names[expected.length]!);
        return expected.at(-1)!;
      };
      const render = ({ kind, parts: inner }: Part, depth: number): string => {
        if (kind === "text") return `Content-Type: text/plain; charset=utf-8\n\n${word()}`;
        if (kind === "html") return `Content-Type: text/html; charset=utf-8\n\n<p>${word()}</p>`;
        if (kind === "file")
          return `Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\n${word()}`;
        if (kind === "message")
          return depth > 1
            ? "Content-Type: text/plain\n\n"
            : `Content-Type: message/rfc822\n\n${head}${mixed(inner, depth + 1)}`;
        return mixed(inner, depth);
      };
      const mixed = (inner: Part[], depth: number): string => {
        const boundary = `x${boundaries++}y`;
        return multipart(
          "mixed",
          inner.map((one) => render(one, depth)),
          boundary,
        );
      };
      const { text } = await mail(head + mixed(parts, 0));
      expect((text.match(/w\d+[a-jü]+/g) ?? []).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 150 },
  );
});

test("a damaged message gives a result within a second", async () => {
  const source = Buffer.from(
    lines(
      head +
        multipart("mixed", [
          "Content-Type: text/plain\n\nHello =E9",
          `Content-Type: message/rfc822\n\n${head}\nx`,
          `Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n${winmail.toString("base64")}`,
        ]),
    ),
  );
  await expectAnswerWhenDamaged(source, "a.eml", 100);
  await expectAnswerWhenDamaged(winmail, "winmail.dat", 100);
});
