import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wordsOf } from "../../documents/index.ts";
import { askedOf } from "./asked.ts";
import { candidatesOf } from "./candidates.ts";
import { type Evidence, type Source, wordStartsOf } from "./evidence.ts";
import { featureNames, measure } from "./features.ts";
import { ruleNames } from "./rules.ts";

const stopWords = new Set(["a", "the", "of", "is", "was", "for", "do", "does", "at", "to", "how", "who", "what", "in"]);

/** What is measured of the sentences of a text that is the only hit. Words match when they are equal. */
const measured = (question: string, text: string) => {
  const words = [...new Set(wordsOf(question))];
  const written = wordsOf(text);
  // The fields that are measured.
  const chunk = { id: "one", text, charStart: 9, context: null, headings: [] };
  const hit = { score: 0.5, scores: { keyword: 0.5, vector: 0.5 }, document: { id: "one", name: "note" }, chunk };
  const source: Source = {
    hit: hit as unknown as Source["hit"],
    wordStarts: wordStartsOf(text),
    marks: text.includes(" | ") ? [{ kind: "table", start: 0, end: text.length }] : [],
    language: "english",
    createdAt: new Date(0),
    positions: words.map((word) => written.flatMap((own, at) => (own === word ? [at + 1] : []))),
  };
  const rarities = words.map((word) => (stopWords.has(word) ? undefined : 2));
  const evidence: Evidence = {
    words,
    rarities: new Map([["english", rarities]]),
    labels: new Map(),
    sources: [source],
  };
  return measure(evidence, askedOf(question, evidence), candidatesOf(source));
};

test.each([
  ["Who signs the contract?", "The contract begins in May.", "lacks-word-of-two"],
  ["Who signs the contract?", "Marta Lindgren runs the office and the contract.", "lacks-word-of-two"],
  ["Who signs the contract of employees?", "Employees may end the contract at any time.", "names-nobody"],
  ["Who signs the contract of employees?", "The contract of employees goes to Marta Lindgren.", undefined],
  ["Who is the forwarder?", "The forwarder takes three days.", "names-nobody"],
  ["Who is the forwarder?", "The forwarder is Ostara Cargo.", undefined],
  ["Where does Ines Voss live?", "Kind regards, Ines Voss", "has-only-names"],
  ["When was order 4712 paid?", "The order 4711 was paid in May.", "lacks-number"],
  ["When was order 4711 paid?", "The order 4711 was paid in May.", undefined],
  ["How heavy is the grinder?", "Model: grinder | Price in EUR: 12", "lacks-unit"],
  ["How heavy is the grinder?", "Model: grinder | Weight in kg: 12", undefined],
  ["What does 7.100.16 cost?", "Order number: 7.100.16 | Part: wear ring | Price in EUR: 41.80", undefined],
  ["What does 7.100.16 cost?", "Order number: 7.100.17 | Part: wear ring | Price in EUR: 41.80", "lacks-part-number"],
  ["How long is the delivery time for the 7.5 kW motor?", "Part: motor 7.5 kW | Delivery time: 6 weeks", undefined],
  ["What is the price of HL-9?", "Model: HL-8 | Price in EUR: 12", "lacks-part-number"],
  [
    "With which torque is the TP-450 tightened?",
    "The TP-300 is tightened with a torque of 70 Nm, 450 mm from the wall.",
    "lacks-written-part-number",
  ],
  ["With which torque is the TP-450 tightened?", "The TP 450 is tightened with a torque of 70 Nm.", undefined],
  ["What is the phone number of Mara Felder?", "Name: Mara Feld | Phone: +44 1539 555 0171", "has-other-full-name"],
  ["What is the phone number of Mara Feld?", "Name: Mara Feld | Phone: +44 1539 555 0171", undefined],
  ["What is the phone number of Mara Feld?", "Name: Mara Feld | Office: Leeds", "lacks-form"],
  ["What is the turnover of the second quarter?", "The turnover of the third quarter is 2 million.", "has-rival"],
  ["What is the turnover of the third quarter?", "The turnover of the third quarter is 2 million.", undefined],
  ["What is the flash point of Glysol 60?", "The flash point of Glysol 40 is 111 degrees.", "lacks-numbered-word"],
  ["What is the premium of Calder Mutual?", "The insurer is Calder Mutual.", "has-only-names"],
  [
    "What is the pension of employees of the school?",
    "Employees of the school eat in the hall.",
    "lacks-deciding-word",
  ],
  ["What is the pension of employees of the school?", "Employees of the school become pensioners at 67.", undefined],
  ["What is the resume of employees of the school?", "Employees of the school keep a résumé at 67.", undefined],
  ["What is the price of the school tie?", "The price for the school is £595.", "lacks-deciding-word"],
  ["How many vessels does the fleet have?", "Vessels: KX-71 | Fleet: north | Built: 2011", "is-one-row-of-all"],
  [
    "When is the next inspection of the Nordlys?",
    "The last inspection of the Nordlys was on 12 May 2030.",
    "has-rival",
  ],
  ["On which page is lost property?", "Lost property is kept for ninety days.", "lacks-form"],
  ["On which day is the library open?", "The library is open for children under 14.", "lacks-form"],
  ["On which day is the library open?", "The library is open on Thursday.", undefined],
  ["By when is the report of the grant due?", "The report of the grant pays 35 % of it.", "lacks-form"],
  ["By when is the report of the grant due?", "The report of the grant is due within 90 days.", undefined],
  ["Who has charge of the desk of the office?", "Write to the desk of the office on Level 1.", "names-nobody"],
  ["Which company makes the detector of the line?", "The detector of the line has a card.", "names-nobody"],
  ["How long does the service of the meter take?", "The service of the meter is done once a year.", "lacks-unit"],
  ["How long does the service of the meter take?", "The service of the meter takes a year.", undefined],
  [
    "How do I move the console of the server to another port?",
    "Console: server | Port: 7443",
    "is-row-that-lacks-word",
  ],
  [
    "How long do patients of the clinic wait for an operation of the hip?",
    "Patients of the clinic wait for an operation of the hip: 318.",
    "lacks-unit",
  ],
  ["How old is Gareth Lomas?", "An appeal goes to Gareth Lomas within five working days.", "lacks-unit"],
  ["How old is Gareth Lomas?", "Gareth Lomas, who runs the office, is 51 years old.", undefined],
  ["How deep is the main pool?", "The main pool is 25 metres long, with six lanes.", "has-rival"],
  ["How deep is the main pool?", "The main pool is 25 metres long and two metres deep.", undefined],
  ["How many guest passes does the senior card give?", "Card: senior | Guest passes: 2", undefined],
  ["How many guest passes does the family card give?", "Card: senior | Guest passes: 2", "is-row-that-lacks-word"],
  ["How long is the lorry?", "Model: lorry | Driver: Ines | Rate in GBP: 389", "lacks-unit"],
  ["What does the course cost?", "Course: welding | Date: 12.09.2030 | Places: 12", "lacks-unit"],
  ["What time does the course start?", "The course starts in May in Leeds.", "lacks-form"],
  ["What time does the course start?", "The start of the course is at 9:30 in Leeds.", undefined],
  ["Why does paint cover old iron railings?", "Old iron is green, as everybody can see.", "lacks-half-of-short"],
  ["What is the daily allowance?", "Daily allowance", "says-nothing-new"],
  ["東京タワーの高さは？", "東京タワーの高さは333メートルです。", undefined],
  ["東京タワーの高さは？", "東京タワーの高さ", "says-nothing-new"],
  ["When is the hall open?", "Hall open: 10:00-18:00, closed", undefined],
  ["Returns are accepted within thirty days.", "Returns are accepted within thirty days.", undefined],
  ["When is the appointment of Mr Thurgood?", "Mr Thurgood, Norwich", "has-only-names"],
  ["What is the liability of the buyer?", "The liability of the supplier is limited to 750,000 euros.", "has-rival"],
  ["How many floors does the office have?", "The office has an area of 1,860 square metres.", "lacks-what-is-counted"],
  ["How much is the monthly rent of the hall?", "The annual rent of the hall is 98,400 EUR.", "has-rival"],
  ["How much is the annual rent of the hall?", "The annual rent of the hall is 98,400 EUR, paid monthly.", undefined],
  ["How high is the bonus after ten years?", "A bonus of 600 GBP is paid after five years.", "has-rival"],
  ["What does the repair of the flotation plant cost?", "The repair of the flotation plant is in May.", "lacks-unit"],
  [
    "How high was the loss of the cheese division?",
    "A broken room caused the loss of the cheese division.",
    "lacks-amount",
  ],
  [
    "What is the notice period of the agreement?",
    "between Ostra and Tarn, with an agreement of the notice period",
    "is-fragment",
  ],
])("%s | %s | is excluded by %s", (question, text, expected) => {
  expect(measured(question, text).map(({ excludedBy }) => excludedBy)).toEqual([expected]);
});

test("a date beside another name is not about the name in the sentence before or after", () => {
  const text = "The last inspection of the Nordlys was on 12 May 2030. The next inspection of the Solbris is in 2032.";
  const excluded = (question: string) =>
    Object.fromEntries(measured(question, text).map((one) => [one.candidate.text.slice(4, 8), one.excludedBy]));
  expect(excluded("When was the last inspection of the Solbris?")).toEqual({ last: "lacks-name", next: "has-rival" });
  expect(excluded("When is the next inspection of the Nordlys?")).toEqual({ last: "has-rival", next: "lacks-name" });
  expect(excluded("When was the last inspection of the Nordlys?")["last"]).toBeUndefined();
});

test("a sentence with another name is not about a name after it, whatever is before it", () => {
  const text = "It rained all day. In May the Nordlys was seen by Marek. The Solbris was sold.";
  const excluded = measured("Who has seen the Solbris?", text).map((one) => [one.candidate.text, one.excludedBy]);
  expect(Object.fromEntries(excluded)).toMatchObject({ "In May the Nordlys was seen by Marek.": "lacks-name" });
});

test("the question above a sentence may be the same, or only share words", () => {
  const isSame = featureNames.indexOf("the question above is the same");
  const text = "Do blue lenses change colours?\n\nSlightly towards yellow.";
  const of = (question: string) => measured(question, text).map(({ features }) => features[isSame]);
  expect(of("Do blue lenses change colours?")).toEqual([1]);
  expect(of("Do lenses change colours?")).toEqual([0]);
  expect(of("Do blue lenses change prices?")).toEqual([0]);
});

test("docs/answers.md explains every rule", () => {
  const page = readFileSync(new URL("../../../../../docs/answers.md", import.meta.url), "utf8");
  const [, table = ""] = page.split(/^\| `excludedBy` +\| the sentence/m);
  const codes = table.split("\n\n")[0]!.matchAll(/`([a-z-]+)`/g);
  expect([...codes].map(([, code]) => code).toSorted()).toEqual([...ruleNames].toSorted());
});
