import { unwrap } from "@resolve/sdk";
import pMap from "p-map";
import { type Check, details } from "../check.ts";
import { addText, type Tenant } from "../tenant.ts";

/** Documents with facts, questions that one of them answers, and plausible questions that none answers. */
const documents = [
  {
    name: "Lease.md",
    text: "# Lease of the warehouse\n\nThe monthly rent is 4,300 EUR. The lease ends on 30 September 2029.\n\n## Keys\n\nKeys are handed out by Marta Lindgren.",
  },
  {
    name: "Machines.md",
    text: "# Machines\n\n## Which oil does the press need?\n\nThe press needs hydraulic oil of the grade HLP 46.\n\n## How often is the saw serviced?\n\nThe saw is serviced every six weeks.",
  },
  { name: "Parts.csv", text: "Part,Price in EUR,Stock\nKX-71,18.40,112\nKX-72,23.90,8\nKX-95,7.15,640" },
] as const;

const answerable: readonly (readonly [question: string, answer: string])[] = [
  ["What is the monthly rent?", "4,300 EUR"],
  ["When does the lease end?", "30 September 2029"],
  ["Who hands out keys?", "Marta Lindgren"],
  ["Which oil does the press need?", "HLP 46"],
  ["How often is the saw serviced?", "six weeks"],
  ["What is the price of KX-72?", "23.90"],
];
/** The last one has words enough that only its support is too low, and no rule excludes every sentence. */
const unanswerable: readonly string[] = [
  "Who is the landlord of the warehouse?",
  "How large is the warehouse?",
  "How much does the press weigh?",
  "What is the price of KX-88?",
  "What is the capital of France?",
  "Which company delivered the new grinding wheels of the saw?",
];

export const answers: Check = {
  name: "answers",
  promise: "A question is answered in the words of the documents, or not at all",
  limit: `${answerable.length} of ${answerable.length} answered, ${unanswerable.length} of ${unanswerable.length} abstained from`,
  async run({ a }) {
    await pMap(documents, (document) => addText(a, document), { concurrency: 2 });
    const right = await pMap(answerable, ([question, answer]) => answerFaults(a, question, answer), { concurrency: 2 });
    const abstained = await pMap(unanswerable, (question) => abstentionFaults(a, question), { concurrency: 2 });
    const without = (faults: readonly string[][]) => faults.filter(({ length }) => length === 0).length;
    return {
      measured: `${without(right)} of ${right.length} answered, ${without(abstained)} of ${abstained.length} abstained from`,
      passed: without(right) === right.length && without(abstained) === abstained.length,
      detail: details(
        [`three documents, ${right.length + abstained.length} questions`],
        [...right, ...abstained].flat(),
      ),
    };
  },
};

const ask = ({ client }: Tenant, question: string) => unwrap(client.POST("/api/v1/answers", { body: { question } }));

const answerFaults = async (tenant: Tenant, question: string, expected: string): Promise<string[]> => {
  const { answer, support, citations } = await ask(tenant, question);
  const isRight = answer !== null && citations.some(({ quote }) => quote.includes(expected));
  return isRight ? [] : [`asked “${question}”, answered “${answer ?? "nothing"}” (support ${support})`];
};

const abstentionFaults = async (tenant: Tenant, question: string): Promise<string[]> => {
  const { answer, support, abstained } = await ask(tenant, question);
  if (answer !== null) return [`asked “${question}”, answered “${answer}” (support ${support})`];
  return abstained ? [] : [`asked “${question}”, gives no reason for no answer`];
};
