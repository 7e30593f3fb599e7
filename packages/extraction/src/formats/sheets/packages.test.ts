import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { defaultLimits } from "../../extraction.ts";
import { read } from "../index.ts";
import { archiveOf } from "../testing/package.ts";
import { xlsxParts } from "./testing.ts";

const parts = xlsxParts({ sheets: [{ cells: { A1: "One", B1: 2 } }] });
const expected = "Sheet1\n\nOne | 2";
const textOf = async (bytes: Uint8Array) => (await read(bytes, { name: "a.bin" }, defaultLimits)).text;
const renamed = (rename: (name: string) => string, change = (text: string) => text) =>
  archiveOf(Object.fromEntries(Object.entries(parts).map(([name, text]) => [rename(name), change(text)])));

test("parts with backslashes, in other folders, in another case or with a prefix for each element are read", async () => {
  expect(await textOf(renamed((name) => name.replaceAll("/", "\\")))).toBe(expected);
  const atRoot = (text: string) => text.replaceAll("xl/", "");
  expect(await textOf(renamed(atRoot, atRoot))).toBe(expected);
  expect(await textOf(renamed((name) => name.replace("sheet1.xml", "Sheet1.xml")))).toBe(expected);
  const prefixed = (text: string) =>
    text.includes("<worksheet") ? text.replace(/<(\/?)(\w)/g, "<$1x:$2").replace("xmlns=", "xmlns:x=") : text;
  expect(await textOf(renamed((name) => name, prefixed))).toBe(expected);
});

test("an incomplete workbook without styles and shared strings is read", async () => {
  const { "xl/styles.xml": _, ...others } = parts;
  expect(await textOf(archiveOf(others))).toBe(expected);
});

/** An archive whose sizes stand in ZIP64 records, as writers of large reports make it. */
const zip64 = (own: Record<string, string>): Uint8Array => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const numbers = (sizes: [bytes: 2 | 4 | 8, value: number][]) =>
    Buffer.concat(
      sizes.map(([bytes, value]) => {
        const buffer = Buffer.alloc(bytes);
        if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value));
        else buffer.writeUIntLE(value, 0, bytes);
        return buffer;
      }),
    );
  const max = 0xffffffff;
  for (const [name, text] of Object.entries(own)) {
    const packed = deflateRawSync(text);
    const size = Buffer.byteLength(text);
    const shared = numbers([
      [2, 45],
      [2, 0],
      [2, 8],
      [4, 0],
      [4, crc32(text)],
      [4, max],
      [4, max],
      [2, name.length],
    ]);
    const localExtra = numbers([
      [2, 1],
      [2, 16],
      [8, size],
      [8, packed.length],
    ]);
    const extra = numbers([
      [2, 1],
      [2, 24],
      [8, size],
      [8, packed.length],
      [8, at],
    ]);
    const local = Buffer.concat([
      Buffer.from("PK\u0003\u0004", "latin1"),
      shared,
      numbers([[2, localExtra.length]]),
      Buffer.from(name),
      localExtra,
      packed,
    ]);
    locals.push(local);
    directory.push(
      Buffer.from("PK\u0001\u0002", "latin1"),
      numbers([[2, 45]]),
      shared,
      numbers([
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, max],
      ]),
      Buffer.from(name),
      extra,
    );
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const count = Object.keys(own).length;
  const record = numbers([
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, entries.length],
    [8, at],
  ]);
  const locator = numbers([
    [4, 0x07064b50],
    [4, 0],
    [8, at + entries.length],
    [4, 1],
  ]);
  const end = numbers([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 0xffff],
    [2, 0xffff],
    [4, max],
    [4, max],
    [2, 0],
  ]);
  return Buffer.concat([...locals, entries, record, locator, end]);
};

test("an archive with ZIP64 records is read", async () => {
  expect(await textOf(zip64(parts))).toBe(expected);
});
