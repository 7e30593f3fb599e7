import { beforeAll, describe, expect, test } from "vitest";
import { addDocument as add, type Call } from "./client.ts";
import { type Company, companies } from "./companies.ts";
import { system, unknownId } from "./system.ts";

/** Answers that consist of the documents' sentences, without a language model. */
const newTenant = async (): Promise<Call> => (await system.newTenant()).call;
const ask = async (call: Call, question: string, more: object = {}) => {
  const { status, body } = await call("POST", "/answers", { question, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

const handbook = `Employees may end their contract at any time. The notice period for employees is three months.
During probation it is two weeks. Managers agree on their own terms in writing.

Holiday is requested in the portal. Every employee has thirty days of holiday a year. Unused days expire in March.`;
const vertrag = `Die Gewährleistung für Brillengläser beträgt zwei Jahre. Sie beginnt mit der Lieferung.
Kratzer sind von der Gewährleistung ausgeschlossen.`;
const city = "东京是日本的首都。人口超过一千三百万。大阪是第二大城市。";

/** The default of a tenant. */
const supportMin = 0.5;

let call: Call;
let stranger: Call;
let ids: { handbook: string; vertrag: string; city: string };

beforeAll(async () => {
  [call, stranger] = [await newTenant(), await newTenant()];
  await add(stranger, { name: "lunch", text: "Lunch is served from noon. The canteen closes at two." });
  ids = {
    handbook: await add(call, { name: "handbook", text: handbook, metadata: { team: "people" } }),
    vertrag: await add(call, { name: "vertrag", text: vertrag }),
    city: await add(call, { name: "city", text: city }),
  };
});

describe("a question", () => {
  test.each<[string, keyof typeof ids, string]>([
    ["What is the notice period for employees?", "handbook", "The notice period for employees is three months."],
    ["How many days of holiday has an employee?", "handbook", "Every employee has thirty days of holiday a year."],
    [
      "Wie lange ist die Gewährleistung für Brillengläser?",
      "vertrag",
      "Die Gewährleistung für Brillengläser beträgt zwei Jahre.",
    ],
  ])("%s", async (question, document, quote) => {
    const { answer, citations, provider, ...rest } = await ask(call, question);
    expect(answer).toContain(quote);
    expect(citations[0]).toMatchObject({ documentId: ids[document], page: null, quote });
    expect(provider).toBe("extractive");
    expect(rest).toEqual({ support: expect.any(Number), supportMin });
    expect(rest.support).toBeGreaterThanOrEqual(supportMin);
  });

  test("in a script without spaces is answered by its document, or not at all", async () => {
    const { answer, citations, related } = await ask(call, "日本的首都是哪里?");
    const [nearest] = answer === null ? related : citations;
    expect(nearest).toMatchObject({ documentId: ids.city, quote: "东京是日本的首都。" });
  });

  test("is answered in quotes that the cited chunks contain word for word", async () => {
    for (const question of [
      "How is holiday requested?",
      "How many days of holiday has an employee?",
      "Wie lange ist die Gewährleistung für Brillengläser?",
    ]) {
      const { answer, citations } = await ask(call, question);
      expect(citations.length).toBeGreaterThan(0);
      for (const { documentId, chunkId, quote } of citations) {
        const { data } = (await call("GET", `/documents/${documentId}/chunks`)).body;
        expect(data.find(({ id }: { id: string }) => id === chunkId).text).toContain(quote);
        expect(answer).toContain(quote);
      }
    }
  });

  test("without support in the documents gets a reason instead of an answer", async () => {
    const none = { answer: null, supportMin, citations: [], provider: "extractive" };
    for (const question of [
      "Who won the football championship in 1966?",
      "Which employees own a submarine in Antarctica?",
      "Who signs the contract of employees?",
    ]) {
      const { support, related, ...rest } = await ask(call, question);
      expect(rest).toEqual({ ...none, abstained: { reason: "not-supported" } });
      expect(support).toBeLessThan(supportMin);
      // The nearest sentences, none without a word of the question.
      for (const { quote, words, wordsAround, missing } of related) {
        expect([...words, ...wordsAround], quote).not.toEqual([]);
        for (const word of words) expect(quote.toLowerCase()).toContain(word.replace(/s$/, ""));
        for (const word of [...words, ...wordsAround, ...missing]) expect(question.toLowerCase()).toContain(word);
      }
    }
    const nothing = { ...none, support: 0, abstained: { reason: "nothing-found" }, related: [] };
    expect(await ask(await newTenant(), "What is the notice period?")).toEqual(nothing);
    expect(await ask(call, "What is the notice period?", { filter: { team: "sales" } })).toEqual(nothing);
    expect(await ask(call, "What is the notice period?", { collectionIds: [unknownId("col")] })).toEqual(nothing);
  });

  test("is never answered from another tenant's documents", async () => {
    const { answer } = await ask(stranger, "What is the notice period for employees?");
    expect(answer).toBe(null);
    expect((await ask(stranger, "When does the canteen close?")).answer).toContain("The canteen closes at two.");
    expect((await ask(call, "When does the canteen close?")).answer).toBe(null);
  });

  test("is answered only from what the caller may see", async () => {
    const { id: collectionId } = (
      await call("POST", "/collections", { name: "board", access: { roles: ["tenant_admin"] } })
    ).body.collection;
    await add(call, { name: "board", text: "The secret merger is called Bluebird.", collectionId });
    const key = (await call("POST", "/api-keys", { name: "user" })).body.secret;
    const question = "What is the secret merger called?";
    expect((await ask(call, question)).answer).toBe("The secret merger is called Bluebird.");
    expect((await ask(system.caller(key), question)).answer).toBe(null);
  });

  test("is read as plain words: quotes and dashes in it are not search operators", async () => {
    const { answer } = await ask(call, 'What is the "notice term" -period- for employees?');
    expect(answer).toContain("three months");
  });
});

describe("an answer", () => {
  test("says which words of the question support it", async () => {
    const { citations } = await ask(call, "How many days of holiday has an employee?");
    expect(citations[0].words).toEqual(expect.arrayContaining(["days", "holiday", "employee"]));
    expect(citations[0].support).toBeGreaterThanOrEqual(supportMin);
  });

  test("names the document, the headings and the place of each quote", async () => {
    const call = await newTenant();
    const text = "# Lenses\n\nLenses are cleaned daily.\n\n## Warranty\n\nA coated lens has a warranty of three years.";
    const documentId = await add(call, { name: "lenses.md", text });
    const { citations, supportMin: least } = await ask(call, "How long is the warranty of a coated lens?");
    const { data } = (await call("GET", `/documents/${documentId}/versions`)).body;
    const quote = "A coated lens has a warranty of three years.";
    const own = {
      documentId,
      documentName: "lenses.md",
      headings: ["Lenses", "Warranty"],
      quote,
      lacks: null,
      excludedBy: null,
    };
    expect(citations).toMatchObject([{ ...own, words: ["warranty", "coated", "lens"], wordsAround: [], missing: [] }]);
    const [{ charStart, charEnd, versionCreatedAt }] = citations;
    const whole = (await call("GET", `/documents/${documentId}/text`)).body.text;
    expect([whole.slice(charStart, charEnd), versionCreatedAt]).toEqual([quote, data[0].createdAt]);
    expect(least).toBe(supportMin);
  });

  test("that is withheld is explained by what the nearest sentences lack", async () => {
    const call = await newTenant();
    const text = "# Machine\n\n## Where is the serial number?\n\nOn the silver label at the back.";
    await add(call, { name: "faq.md", text });
    await add(call, { name: "care.txt", text: "The boiler of the machine holds water." });
    await add(call, { name: "prices.csv", text: "Part,Price in EUR\nlabel,1.20" });
    const located = await ask(call, "Where do I find the serial number?");
    expect(located.answer).toBeNull();
    expect(located.related[0]).toMatchObject({
      quote: "On the silver label at the back.",
      words: [],
      wordsAround: ["serial", "number"],
      missing: ["find"],
      excludedBy: "has-only-the-question-above",
    });
    expect(located.related.every(({ quote }: { quote: string }) => !quote.includes("1.20"))).toBe(true);
    const heavy = await ask(call, "How heavy is the boiler of the machine?");
    expect(heavy.answer).toBeNull();
    expect(heavy.related[0]).toMatchObject({ words: ["boiler", "machine"], lacks: "number", excludedBy: "lacks-unit" });
  });

  test("from a list of questions and answers is the answer, and not the question", async () => {
    const call = await newTenant();
    await add(call, {
      name: "faq.md",
      text: "# Lenses\n\n## Do blue filter lenses change colours?\n\nSlightly towards yellow.\n\n## Can lenses be returned?\n\nWithin 30 days of delivery.",
    });
    const { answer } = await ask(call, "Do blue filter lenses change colours?");
    expect(answer).toContain("Slightly towards yellow.");
    expect(answer).not.toContain("?");
  });

  test("from a table is one row with the names of its columns", async () => {
    const call = await newTenant();
    await add(call, { name: "prices.csv", text: "Model,Price in EUR\nHL-001,18.40\nHL-002,23.90\nHL-003,7.15" });
    const { answer, citations } = await ask(call, "What is the price of HL-002?");
    expect(citations[0].quote).toBe("Model: HL-002 | Price in EUR: 23.90");
    expect(answer).not.toContain("18.40");
    expect((await ask(call, "What is the price of HL-009?")).answer).toBeNull();
    expect((await ask(call, "How many models have a price?")).answer).toBeNull();
    await add(call, { name: "prices 2027.csv", text: "Model,Price in EUR\nHL-002,24.10" });
    const both = await ask(call, "What is the price of HL-002?");
    expect(both.answer).toBe(both.citations.map(({ quote }: { quote: string }) => quote).join("\n"));
    expect(both.citations.length).toBe(2);
  });

  test("cites documents that contradict each other, the newest first", async () => {
    const call = await newTenant();
    await add(call, { name: "rules 2024", text: "The parking garage closes at 20:00 every day." });
    await add(call, { name: "rules 2026", text: "The parking garage closes at 22:00 every day." });
    const { citations } = await ask(call, "When does the parking garage close?");
    expect(citations.map(({ quote }: { quote: string }) => quote)).toEqual([
      "The parking garage closes at 22:00 every day.",
      "The parking garage closes at 20:00 every day.",
    ]);
  });

  test("is not given from another year, another person or one row of many", async () => {
    const call = await newTenant();
    await add(call, {
      name: "prices 2026.csv",
      text: "Model,Price in EUR\nKM-100,89.00\nKM-200,249.00\nKM-300,310.00",
    });
    await add(call, {
      name: "board",
      text: "Paul Dietrich chairs the supervisory board. The annual meeting of 2026 is in Leipzig.",
    });
    expect((await ask(call, "What is the price of KM-200 in 2026?")).answer).toContain("249.00");
    await add(call, {
      name: "ships",
      text: "The last inspection of the Nordlys took place on 12 May 2030. The next inspection of the Solbris is on 3 March 2032.",
    });
    await add(call, {
      name: "lease",
      text: "Die Miete von 900 Euro ist bis zum dritten Werktag zu zahlen. Die Kaution beträgt drei\nMonatsmieten und wird verzinst.",
    });
    expect((await ask(call, "Who chairs the supervisory board?")).answer).toContain("Paul Dietrich");
    expect((await ask(call, "When was the last inspection of the Nordlys?")).answer).toContain("12 May 2030");
    expect((await ask(call, "Wie hoch ist die Kaution?")).answer).toContain("drei\nMonatsmieten");
    for (const question of [
      "What was the price of KM-200 in 2024?",
      "Where is the annual meeting of 2024?",
      "Which model is the cheapest?",
      "What is the average price of the models?",
      "What do all models cost altogether?",
      "Which board does Anna Dietrich chair?",
      "When was the last inspection of the Solbris?",
      "When is the next inspection of the Nordlys?",
      "On which page is the inspection of the Nordlys?",
    ])
      expect(await ask(call, question), question).toMatchObject({ answer: null });
  });

  test("quotes copies of a sentence once", async () => {
    const call = await newTenant();
    for (const name of ["one", "two"])
      await add(call, { name, text: `Notes ${name}. The museum opens at nine o'clock on Sundays.` });
    const { answer } = await ask(call, "When does the museum open on Sundays?");
    expect(answer.match(/nine o'clock/g)).toHaveLength(1);
  });

  test("needs the support that the tenant demands", async () => {
    const call = await newTenant();
    await add(call, { name: "handbook", text: handbook });
    const question = "What is the notice period for employees?";
    const { support } = await ask(call, question);
    const changed = await call("PATCH", "/tenant", { answering: { supportMin: 0.95 } });
    expect([changed.status, changed.body.answering]).toEqual([200, { supportMin: 0.95 }]);
    const strict = await ask(call, question);
    expect(strict.support).toBe(support);
    expect(strict.answer === null).toBe(support < 0.95);
    for (const supportMin of [0.2, 1])
      expect(await call("PATCH", "/tenant", { answering: { supportMin } })).toMatchObject({
        status: 400,
        body: { errors: [{ path: "/answering/supportMin" }] },
      });
  });
});

/** Figures of docs/answers.md, measured on two of its companies in every test run. */
test("companies: what their documents state is answered, what they do not is not", async () => {
  const counts = { stated: 0, answered: 0, right: 0, unstated: 0, wrong: 0 };
  const wrong: string[] = [];
  const askAll = async ({ documents, questions }: Company) => {
    const call = await newTenant();
    await Promise.all(documents.map((document) => add(call, document)));
    for (const { text, answer } of questions) {
      const given = (await ask(call, text)).answer;
      if (answer === null) {
        counts.unstated += 1;
        if (given !== null) counts.wrong += 1;
      } else {
        counts.stated += 1;
        if (given !== null) counts.answered += 1;
        if (given?.includes(answer)) counts.right += 1;
      }
      if (given !== null && (answer === null || !given.includes(answer))) wrong.push(`${text} ${given}`);
    }
  };
  await Promise.all(companies(2).map(askAll));
  expect(counts.unstated, JSON.stringify(counts)).toBeGreaterThan(20);
  expect(counts.right / counts.answered, wrong.join("\n")).toBeGreaterThanOrEqual(0.92);
  expect(counts.answered / counts.stated, JSON.stringify(counts)).toBeGreaterThanOrEqual(0.6);
  expect(counts.wrong / counts.unstated, wrong.join("\n")).toBeLessThanOrEqual(0.1);
}, 120_000);

test.each([
  [{}, "/question"],
  [{ question: "" }, "/question"],
  [{ question: "?!" }, "/question"],
  [{ question: "x".repeat(1_001) }, "/question"],
  [{ question: "lens\u0000" }, "/question"],
  [{ question: "lens", limit: 21 }, "/limit"],
  [{ question: "lens", mode: "vector" }, "/mode"],
  [{ question: "lens", filter: { team: { $regex: "x" } } }, "/filter/team/$regex"],
  [{ question: "lens", collectionIds: ["col_x"] }, "/collectionIds/0"],
])("the invalid request %j is refused, and the error names the field", async (request, path) => {
  const { status, body } = await call("POST", "/answers", request);
  expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
});
