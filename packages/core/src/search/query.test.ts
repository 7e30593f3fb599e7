import { expect, test } from "vitest";
import { parseQuery } from "./query.ts";

const excluded = (query: string) => parseQuery(query).excluded.map(({ text }) => text);

test.each([
  ["lens -coating", ["coating"]],
  ["-coating lens", ["coating"]],
  ['lens -"two words"', ["two words"]],
  ["lens -e-mail", ["e-mail"]],
  // elastic/app-search-javascript#44, meilisearch/meilisearch#4535: numbers and part numbers are words.
  ["grease -40 degrees", []],
  ["PPR-9087 G-40", []],
  ["tar --no-cache", []],
  ["- write -- this -(a) -$5", []],
  // typesense/typesense#1183: a dash inside a phrase excludes nothing.
  ['"gcloud --version" "tar -xvf"', []],
  // typesense/typesense#685
  ["\\text { (a) }-(\\mathrm{c})$", []],
])("%s excludes %j", (query, words) => {
  expect(excluded(query)).toEqual(words);
});

test("an excluded word has its form with the dash, and an excluded phrase has none", () => {
  expect(parseQuery('tar -xvf -No-Cache -"two words"').excluded).toEqual([
    { text: "xvf", dashed: "-xvf" },
    { text: "No-Cache", dashed: "-no-cache" },
    { text: "two words", dashed: null },
  ]);
  expect(parseQuery("grease -40 --no-cache").dashed).toEqual(["-40", "-no-cache"]);
});

test.each([
  ['"paid by"', ["paid by"]],
  // mediacloud/web-tools#1412
  ['"female inequality”', ["female inequality"]],
  // mastodon/mastodon#26687
  ['"foo « bar » baz"', ["foo « bar » baz"]],
  ['("in brackets")', ["in brackets"]],
  ['"not closed', []],
  ['6" pipe and 8" pipe', []],
  ['צה"ל', []],
  ['"" " " "…" «»', []],
])("%s requires the phrases %j", (query, phrases) => {
  expect(parseQuery(query).phrases).toEqual(phrases);
});

test.each([
  ["part PPR-9087 from 2026-11-05", ["PPR-9087", "2026-11-05"]],
  ["jane.doe@example.com https://a.com/b?c=1 www.a.com", ["jane.doe@example.com", "https://a.com/b?c=1", "www.a.com"]],
  ["v2.1.3 1990 e-mail well-being -40", []],
  ["2014年奥运会 東京-2020", []],
  // freelawproject/courtlistener#2790, StractOrg/stract#126
  ["“ping tree” leads “one”", ["ping tree"]],
  ["„zwei Worte“ «deux mots» »zwei Worte«", ["zwei Worte", "deux mots", "zwei Worte"]],
])("the words of %s that belong together are %j", (query, ids) => {
  expect(parseQuery(query).ids).toEqual(ids);
});

test("the last word may be a beginning", () => {
  expect(parseQuery("coated le", true)).toMatchObject({ words: "coated le", beginning: "le" });
  expect(parseQuery("coated le").beginning).toBe("");
});

test.each([
  ["no space", "x".repeat(8_000)],
  ["quotation marks", '"'.repeat(4_000)],
  ["quoted spaces", '" '.repeat(4_000)],
  ["opening guillemets", "« ".repeat(4_000)],
  ["exclusions", "-a ".repeat(2_600)],
  ["dashes", "-".repeat(8_000)],
  ["dashed words", "--a-".repeat(2_000)],
  ["marks", `a${"\u0301".repeat(7_999)}`],
  ["Chinese", "东".repeat(8_000)],
  ["part numbers", "a-1 ".repeat(2_000)],
])("a query of 8,000 characters is parsed in linear time: %s", (_, query) => {
  const before = process.threadCpuUsage();
  parseQuery(query, true);
  // A few milliseconds; quadratic time would be seconds.
  expect(process.threadCpuUsage(before).user).toBeLessThan(500_000);
});
