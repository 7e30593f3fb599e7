import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sharedData } from "../../../scripts/shared-data.ts";
import { addDocument, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Results of search, its filters, and refused requests. */
const add = (call: Call, name: string, text: string, metadata: object = {}): Promise<string> =>
  addDocument(call, { name, text, metadata });
/** Names of the found documents, best first. */
const found = async (call: Call, request: object): Promise<string[]> => {
  const { status, body } = await call("POST", "/search", request);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data.map((hit: { document: { name: string } }) => hit.document.name);
};
const keyword = (call: Call, query: string, more: object = {}) => found(call, { query, mode: "keyword", ...more });

describe("words", () => {
  let call: Call;
  beforeAll(async () => {
    ({ call } = await system.newTenant());
    await add(call, "en", "The warranties on coated lenses run for two years. Shipping is paid by the buyer.");
    await add(call, "de", "Die Kündigungsfristen betragen drei Monate zum Ende eines Quartals, für beide Seiten.");
    await add(call, "zh", "东京是日本的首都,人口超过一千三百万。大阪是第二大城市。");
    await add(call, "ja", "新幹線は東京と大阪を結んでいる高速鉄道です。");
    await add(call, "ru", "Гарантийные обязательства действуют в течение двух лет со дня покупки.");
  }, 60_000);

  test.each([
    ["an English inflection", "warranty lens", "en"],
    ["a German inflection", "Kündigungsfrist", "de"],
    ["a Russian inflection", "гарантийное обязательство", "ru"],
    ["Chinese inside a sentence", "首都", "zh"],
    ["Japanese inside a sentence", "高速鉄道", "ja"],
  ])("%s is found", async (_, query, name) => {
    expect((await keyword(call, query))[0]).toBe(name);
  });

  test("H7: a word counts wherever it is in a long query, and a restriction of more than 64 words is refused", async () => {
    const words = Array.from({ length: 1_000 }, (_, n) => `w${n}`);
    expect(await keyword(call, `warranty ${words.join(" ")}`)).toEqual(["en"]);
    expect(await keyword(call, `${words.join(" ")} warranty`)).toEqual(["en"]);
    const refused = await call("POST", "/search", { query: `warranty -"${words.slice(0, 65).join(" ")}"` });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, "/query"]);
  });

  test("a phrase that has only stop words in a language hides no document of that language", async () => {
    expect(await keyword(call, 'warranty "on the"')).toEqual(["en"]);
    expect(await keyword(call, '"on the" Kündigungsfrist')).toEqual(["de"]);
  });

  test("a quoted phrase must occur word for word, an excluded word must not occur", async () => {
    expect(await keyword(call, '"paid by the buyer"')).toEqual(["en"]);
    expect(await keyword(call, '"buyer paid" -shipping')).toEqual([]);
    expect(await keyword(call, '"日本的首都"')).toEqual(["zh"]);
    expect((await keyword(call, "东京 大阪 東京")).sort()).toEqual(["ja", "zh"]);
    expect(await keyword(call, "东京 大阪 東京 -首都")).toEqual(["ja"]);
    expect(await found(call, { query: '"paid by the buyer"' })).toEqual(["en"]);
    expect(await found(call, { query: "lenses years -warranty", mode: "vector" })).not.toContain("en");
    expect(await found(call, { query: "lenses years", mode: "vector" })).toContain("en");
  });

  test("the last word matches as a prefix when the request asks for it", async () => {
    expect(await keyword(call, "coated war")).toEqual(["en"]);
    expect(await keyword(call, "war")).toEqual([]);
    expect(await keyword(call, "war", { prefix: true })).toEqual(["en"]);
    expect(await keyword(call, "Quar", { prefix: true })).toEqual(["de"]);
    expect(await keyword(call, "首", { prefix: true })).toEqual(["zh"]);
    // A complete word has a higher score than a word that only begins with it.
    expect((await keyword(call, "coated lens", { prefix: true }))[0]).toBe("en");
    const { body } = await call("POST", "/search", { query: "lenses war", prefix: true, explain: true });
    expect(body.plan.terms).toContainEqual(expect.objectContaining({ lexeme: "war", chunks: 1, isBeginning: true }));
  });

  test("explain returns the plan, the terms and the ranks", async () => {
    const { body } = await call("POST", "/search", { query: "warranties of lenses", explain: true });
    expect(body.plan).toMatchObject({
      vectors: "exact",
      model: expect.any(String),
      recall: 1,
      candidates: { keyword: 1, vector: 5 },
      terms: [
        { lexeme: "lens", language: "english", chunks: 1, idf: expect.closeTo(Math.log(1 + 0.5 / 1.5), 5) },
        { lexeme: "warranti", language: "english", chunks: 1, idf: expect.closeTo(Math.log(1 + 0.5 / 1.5), 5) },
      ],
    });
    expect(body.data[0]).toMatchObject({ ranks: { keyword: 1, vector: 1 }, document: { name: "en" } });
    const plain = await call("POST", "/search", { query: "warranties of lenses" });
    expect(plain.body).not.toHaveProperty("plan");
  });
});

test("a word is counted in each language, and for a reader only in documents that it sees", async () => {
  const { call } = await system.newTenant();
  const { body } = await call("POST", "/collections", { name: "secret", access: { roles: ["tenant_admin"] } });
  await add(call, "en", "The hotel by the lake is old, and the rooms are small.");
  await add(call, "de", "Das Hotel am See ist alt, und die Zimmer sind klein.");
  const hidden = {
    name: "secret",
    text: "The hotel in the town has no room for guests.",
    collectionId: body.collection.id,
  };
  await addDocument(call, hidden);
  const { plan } = (await call("POST", "/search", { query: "hotel", explain: true })).body;
  const counts = plan.terms.map((term: { language: string; chunks: number }) => [term.language, term.chunks]);
  expect(Object.fromEntries(counts)).toEqual({ english: 2, german: 1 });
  const reader = system.caller((await call("POST", "/api-keys", { name: "reader", role: "readonly" })).body.secret);
  const score = async () => {
    const { data } = (await reader("POST", "/search", { query: "hotel lake sauna", mode: "keyword" })).body;
    expect(data[0].document.name).toBe("en");
    return data[0].scores.keyword;
  };
  const alone = await score();
  const gone = await add(call, "gone", "The lake by the sea is new, and the boats are large.");
  expect(await score()).not.toBeCloseTo(alone, 3);
  await call("DELETE", `/documents/${gone}`);
  expect(await score()).toBeCloseTo(alone, 3);
});

test("a part number in a document that a reader does not see changes no score", async () => {
  const { call } = await system.newTenant();
  const { body } = await call("POST", "/collections", { name: "secret", access: { roles: ["tenant_admin"] } });
  await add(call, "list", "The list of RM has 4711 rows.");
  const reader = system.caller((await call("POST", "/api-keys", { name: "reader", role: "readonly" })).body.secret);
  const score = async () =>
    (await reader("POST", "/search", { query: "RM-4711", mode: "keyword" })).body.data.map(
      (hit: { score: number }) => hit.score,
    );
  const alone = await score();
  expect(alone).toHaveLength(1);
  await addDocument(call, {
    name: "secret",
    text: "The part RM-4711 is sealed.",
    collectionId: body.collection.id,
  });
  expect(await score()).toEqual(alone);
});

test("of a long query the 64 rarest words count", async () => {
  const { call } = await system.newTenant();
  const words = Array.from({ length: 100 }, (_, n) => `article${n}`);
  await add(call, "all", words.join(" "));
  await add(call, "some", words.slice(60).join(" "));
  const { plan } = (await call("POST", "/search", { query: words.join(" "), explain: true })).body;
  const lexemes = plan.terms.map(({ lexeme }: { lexeme: string }) => lexeme);
  expect(lexemes).toHaveLength(64);
  expect(lexemes).toEqual(expect.arrayContaining(words.slice(0, 60)));
});

describe("filters", () => {
  let call: Call;
  beforeAll(async () => {
    ({ call } = await system.newTenant());
    const text = (name: string) => `Lens care ${name}.`;
    await add(call, "a", text("a"), { team: "legal", year: 2024, tags: ["old", "paper"], nested: { level: 3 } });
    await add(call, "b", text("b"), { team: "sales", year: 2025, tags: ["new"], "odd key": true });
    await add(call, "c", text("c"), { year: "2025" });
  }, 60_000);

  test.each([
    [{ team: "legal" }, ["a"]],
    [{ team: { $ne: "legal" } }, ["b", "c"]],
    [{ team: null }, ["c"]],
    [{ team: { $exists: true } }, ["a", "b"]],
    [{ team: { $in: ["legal", "sales"] } }, ["a", "b"]],
    [{ team: { $nin: ["legal"] } }, ["b", "c"]],
    [{ year: 2025 }, ["b"]],
    [{ year: { $gt: 2024 } }, ["b"]],
    [{ year: { $gte: 2024, $lt: 2025 } }, ["a"]],
    [{ year: { $lte: "2025" } }, ["c"]],
    [{ tags: "paper" }, ["a"]],
    [{ tags: { $gt: "old" } }, ["a"]],
    [{ "nested.level": 3 }, ["a"]],
    [{ "odd key": true }, ["b"]],
    [{ name: "b" }, ["b"]],
    [{ "metadata.name": "b" }, []],
    [{ name: { $gte: "b" } }, ["b", "c"]],
    [{ contentType: "text/plain" }, ["a", "b", "c"]],
    [{ createdAt: { $gt: "2000-01-01T00:00:00Z" } }, ["a", "b", "c"]],
    [{ createdAt: { $lt: "2000-01-01T00:00:00Z" } }, []],
    [{ collectionId: null }, ["a", "b", "c"]],
    [{ $or: [{ team: "legal" }, { year: "2025" }] }, ["a", "c"]],
    [{ $and: [{ year: { $gt: 2000 } }, { $not: { team: "sales" } }] }, ["a"]],
    [{}, ["a", "b", "c"]],
  ])("%j finds %j", async (filter, names) => {
    for (const mode of ["hybrid", "keyword", "vector"])
      expect((await found(call, { query: "lens", mode, filter })).sort(), mode).toEqual(names);
  });

  test("an unknown collection contains no documents", async () => {
    expect(await found(call, { query: "lens", collectionIds: [unknownId("col")] })).toEqual([]);
  });

  test.each([
    [{ team: { $regex: "x" } }, "/filter/team/$regex"],
    [{ $where: "1" }, "/filter/$where"],
    [{ team: ["legal"] }, "/filter/team"],
    [{ team: { $in: [] } }, "/filter/team/$in"],
    [{ team: { $in: [{ a: 1 }] } }, "/filter/team/$in/0"],
    [{ team: { $gt: true } }, "/filter/team/$gt"],
    [{ team: { constructor: 1 } }, "/filter/team/constructor"],
    [{ createdAt: { $gt: "yesterday" } }, "/filter/createdAt/$gt"],
    [{ collectionId: "col_x" }, "/filter/collectionId"],
    [{ $or: { team: 1 } }, "/filter/$or"],
    [{ "a..b": 1 }, "/filter/a..b"],
    [JSON.parse(`${'{"$not":'.repeat(10)}{}${"}".repeat(10)}`), "/filter/$not/$not/$not/$not/$not/$not"],
    [Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`k${n}`, 1])), "/filter"],
    // H7: 210 operands in all.
    [
      { $or: [{ a: { $in: Array.from({ length: 150 }, (_, n) => n) } }, { b: { $in: Array(60).fill("x") } }] },
      "/filter",
    ],
  ])("the invalid filter %j is refused, and the error names the place", async (filter, path) => {
    const { status, body } = await call("POST", "/search", { query: "lens", filter });
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, "invalid-request", path]);
  });
});

describe("bad input", () => {
  test.each([
    [{ query: "" }, "/query"],
    [{ query: "x".repeat(100_000) }, "/query"],
    [{ query: "lens\u0000" }, "/query"],
    [{ query: '"half of a pair \ud83d"' }, "/query"],
    [{ query: "lens", filter: { $and: [{ name: { $eq: "\udc00" } }] } }, "/filter/$and/0/name/$eq"],
    [{ query: "-lens" }, "/query"],
    [{ query: 5 }, "/query"],
    [{ query: "lens", limit: 0 }, "/limit"],
    [{ query: "lens", recencyBias: 2 }, "/recencyBias"],
    [{ query: "lens", maxChunksPerDocument: 0 }, "/maxChunksPerDocument"],
    [{ query: "lens", colour: "red" }, "/colour"],
  ])("the invalid request %o is refused, and the error names the field", async (request, path) => {
    const { call } = await one();
    const { status, body } = await call("POST", "/search", request);
    expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
  });

  const naughtyStrings = sharedData("conformance/blns.json");
  test.skipIf(!naughtyStrings)(
    "every entry of the Big List of Naughty Strings is searched for or refused",
    async () => {
      const { call } = await one();
      const strings: string[] = JSON.parse(readFileSync(naughtyStrings!, "utf8"));
      expect(strings.length).toBeGreaterThan(400);
      for (const query of strings)
        for (const request of [
          { query, mode: "keyword" },
          { query: "lens", filter: { [query]: query } },
        ]) {
          const { status, body } = await call("POST", "/search", request);
          expect([200, 400], `${JSON.stringify(request)}: ${JSON.stringify(body)}`).toContain(status);
        }
    },
    120_000,
  );

  test("no random query or filter causes an internal error", async () => {
    const { call } = await one();
    const word = fc.constantFrom(
      "lens",
      '"',
      "-",
      "'",
      "\\",
      ":*",
      "&",
      "|",
      "!",
      "<->",
      "(",
      ")",
      "%",
      "$1",
      "\ud83d",
      "東京",
      "a".repeat(300),
      "--",
      '""',
      "E'",
    );
    const query = fc.array(fc.oneof(word, fc.string()), { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    const key = fc.constantFrom(
      "$and",
      "$or",
      "$not",
      "$in",
      "$gt",
      "$exists",
      "$eq",
      "name",
      "createdAt",
      "collectionId",
      "a.b",
      "",
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("node")),
        tie("filter"),
      ),
      filter: fc.dictionary(fc.oneof(key, fc.string()), tie("node"), { maxKeys: 4 }),
    }));
    const filter = fc.option(value.filter, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(query, filter, fc.boolean(), async (query, filter, prefix) => {
        const { status, body } = await call("POST", "/search", { query, filter, prefix });
        expect([200, 400], JSON.stringify(body)).toContain(status);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  let shared: Promise<{ call: Call }> | undefined;
  const one = () => (shared ??= system.newTenant());
});
