/** Companies with a few small documents, and questions that these documents answer or, plausibly, do not. */

export type Company = {
  name: string;
  documents: { name: string; text: string }[];
  /** `answer` is null when no document has it. */
  questions: { text: string; answer: string | null; kind: "text" | "number" | "table" }[];
};

type Fact = {
  document: string;
  heading: string;
  /** `$` stands for the value. */
  sentences: readonly string[];
  questions: readonly string[];
  values: readonly string[];
};

/** Each company states some of these facts. A question about another one is plausible, and has no answer. */
const facts: readonly Fact[] = [
  {
    document: "handbook.md",
    heading: "Leave",
    values: ["26", "28", "31", "24"],
    sentences: ["Every employee has $ days of paid leave a year.", "Paid leave is $ days per calendar year."],
    questions: [
      "How many days of paid leave do employees get?",
      "How much annual leave is there?",
      "How many leave days are there per year?",
    ],
  },
  {
    document: "handbook.md",
    heading: "Leave",
    values: ["31 March", "30 April", "15 February"],
    sentences: ["Unused days expire on $ of the following year.", "Days that are not taken lapse on $."],
    questions: ["When do unused leave days expire?", "Until when can unused days be carried over?"],
  },
  {
    document: "handbook.md",
    heading: "Sickness",
    values: ["third", "second", "fourth"],
    sentences: [
      "A medical certificate is required from the $ day of illness.",
      "From the $ day of sickness the company needs a certificate from a doctor.",
    ],
    questions: ["From which day is a medical certificate required?", "When do I need a doctor's certificate?"],
  },
  {
    document: "handbook.md",
    heading: "Notice",
    values: ["three months", "six weeks", "two months"],
    sentences: [
      "The notice period after probation is $.",
      "After the probation the notice period is $ for both sides.",
    ],
    questions: ["What is the notice period after probation?", "How long is the notice period?"],
  },
  {
    document: "handbook.md",
    heading: "Remote work",
    values: ["two", "three", "four"],
    sentences: [
      "Employees may work from home on $ days a week.",
      "Working from home is possible on up to $ days per week.",
    ],
    questions: ["How many days a week may I work from home?", "How often can employees work remotely from home?"],
  },
  {
    document: "handbook.md",
    heading: "Training",
    values: ["1,200 EUR", "900 EUR", "1,500 EUR"],
    sentences: ["The training budget is $ per person and year.", "Each employee has a training budget of $ a year."],
    questions: ["How large is the training budget?", "What is the yearly budget for training?"],
  },
  {
    document: "handbook.md",
    heading: "Travel",
    values: ["Lena Hartwig", "Omar Benali", "Grace Okafor"],
    sentences: ["Business trips are approved by $.", "$ approves business trips."],
    questions: ["Who approves business trips?", "Who has to approve a business trip?"],
  },
  {
    document: "handbook.md",
    heading: "Travel",
    values: ["0.38 EUR", "0.42 EUR", "0.35 EUR"],
    sentences: [
      "For a private car we reimburse $ per kilometre.",
      "Mileage in a private car is refunded at $ per kilometre.",
    ],
    questions: ["How much is reimbursed per kilometre for a private car?", "What is the mileage rate per kilometre?"],
  },
  {
    document: "contract.md",
    heading: "Delivery",
    values: ["14 working days", "ten working days", "21 days"],
    sentences: ["Goods are delivered within $ after the order.", "The delivery time is $ from the date of the order."],
    questions: ["How long does delivery take after the order?", "Within what time are goods delivered?"],
  },
  {
    document: "contract.md",
    heading: "Warranty",
    values: ["24 months", "36 months", "five years"],
    sentences: ["The warranty for pumps is $ from delivery.", "Pumps have a warranty of $."],
    questions: ["How long is the warranty for pumps?", "What is the warranty period of pumps?"],
  },
  {
    document: "contract.md",
    heading: "Payment",
    values: ["30 days", "45 days", "14 days"],
    sentences: ["Invoices are payable within $.", "Invoices are due $ after they are issued."],
    questions: ["When are invoices due?", "Within how many days must invoices be paid?"],
  },
  {
    document: "contract.md",
    heading: "Payment",
    values: ["2 percent", "3 percent", "1.5 percent"],
    sentences: ["Early payment earns a discount of $.", "For payment within a week we grant a discount of $."],
    questions: ["What discount is there for early payment?", "How large is the early payment discount?"],
  },
  {
    document: "contract.md",
    heading: "Liability",
    values: ["500,000 EUR", "1 million EUR", "250,000 EUR"],
    sentences: ["Liability is limited to $ per case.", "The liability of the supplier is limited to $ for each case."],
    questions: ["To what amount is liability limited?", "What is the limit of liability?"],
  },
  {
    document: "contract.md",
    heading: "Law",
    values: ["Hamburg", "Zurich", "Rotterdam"],
    sentences: [
      "The place of jurisdiction is $.",
      "Disputes are decided by the courts of $, which is the place of jurisdiction.",
    ],
    questions: ["Where is the place of jurisdiction?", "Which city is the place of jurisdiction?"],
  },
  {
    document: "company.md",
    heading: "History",
    values: ["1987", "1994", "2003"],
    sentences: ["The company was founded in $ by two engineers.", "Two engineers founded the company in $."],
    questions: ["When was the company founded?", "In which year was the company founded?"],
  },
  {
    document: "company.md",
    heading: "Management",
    values: ["Ingrid Solheim", "Peter Novak", "Amara Diallo"],
    sentences: ["The chief executive is $.", "$ has been chief executive since last year."],
    questions: ["Who is the chief executive?", "Who is the chief executive of the company?"],
  },
  {
    document: "company.md",
    heading: "Management",
    values: ["Tomasz Zielinski", "Julia Brandt", "Rafael Ortega"],
    sentences: [
      "The data protection officer is $.",
      "Questions about personal data go to $, the data protection officer.",
    ],
    questions: ["Who is the data protection officer?", "Who is responsible for data protection?"],
  },
  {
    document: "company.md",
    heading: "Sites",
    values: ["340", "1,150", "87"],
    sentences: ["The plant in Lund has $ employees.", "$ people are employed at the plant in Lund."],
    questions: ["How many employees does the plant in Lund have?", "How many people are employed in Lund?"],
  },
  {
    document: "company.md",
    heading: "Sites",
    values: ["Gdansk", "Porto", "Leeds"],
    sentences: ["The central warehouse is in $.", "Spare parts are stored in the central warehouse in $."],
    questions: ["Where is the central warehouse?", "In which city is the central warehouse?"],
  },
  {
    document: "service.txt",
    heading: "Support",
    values: ["7 a.m. to 6 p.m.", "8 a.m. to 8 p.m.", "6 a.m. to 4 p.m."],
    sentences: ["The hotline is open from $ on working days.", "On working days customers reach the hotline from $."],
    questions: ["When is the hotline open?", "What are the opening hours of the hotline?"],
  },
  {
    document: "service.txt",
    heading: "Support",
    values: ["four hours", "two hours", "one working day"],
    sentences: ["The response time for critical faults is $.", "Critical faults are answered within $."],
    questions: ["What is the response time for critical faults?", "How quickly are critical faults answered?"],
  },
  {
    document: "service.txt",
    heading: "Maintenance",
    values: ["2,000 operating hours", "1,500 operating hours", "3,000 operating hours"],
    sentences: ["The filter is replaced after $.", "Replace the filter every $."],
    questions: ["When must the filter be replaced?", "After how many operating hours is the filter replaced?"],
  },
  {
    document: "service.txt",
    heading: "Maintenance",
    values: ["85 °C", "60 °C", "110 °C"],
    sentences: [
      "The pump may be used up to a temperature of $.",
      "The highest permitted temperature of the pump is $.",
    ],
    questions: [
      "Up to what temperature may the pump be used?",
      "What is the highest permitted temperature of the pump?",
    ],
  },
  {
    document: "service.txt",
    heading: "Returns",
    values: ["Kestrel Logistics", "Nordfracht", "Ostara Cargo"],
    sentences: ["Returned pumps are collected by $.", "$ collects pumps that are returned."],
    questions: ["Who collects returned pumps?", "Which company collects returned pumps?"],
  },
  {
    document: "faq.md",
    heading: "Can unused pumps be returned?",
    values: ["within 30 days", "within two weeks", "within 60 days"],
    sentences: ["Yes, $ and in the original packaging.", "Only $."],
    questions: ["Can unused pumps be returned?", "Can I return an unused pump?"],
  },
  {
    document: "faq.md",
    heading: "May a pump run dry?",
    values: ["ten seconds", "half a minute", "two minutes"],
    sentences: ["For $ at most.", "No longer than $."],
    questions: ["May a pump run dry?", "Can pumps run dry?"],
  },
  {
    document: "faq.md",
    heading: "Do seals change their colour?",
    values: ["towards grey", "towards brown", "towards blue"],
    sentences: ["Slightly $.", "Yes, $, which does no harm."],
    questions: ["Do seals change their colour?", "Does the colour of a seal change?"],
  },
  {
    document: "faq.md",
    heading: "Is training for operators included?",
    values: ["for four people", "for six people", "for one person"],
    sentences: ["Yes, $.", "Only $."],
    questions: ["Is training for operators included?", "Is the training of operators included?"],
  },
  {
    document: "faq.md",
    heading: "Are spare seals sold singly?",
    values: ["in packs of ten", "in packs of five", "in boxes of twenty"],
    sentences: ["No, $.", "They come $."],
    questions: ["Are spare seals sold singly?", "Is a single spare seal sold?"],
  },
  {
    document: "faq.md",
    heading: "Do you ship to islands?",
    values: ["by ferry once a week", "by air on request", "from the port of Turku"],
    sentences: ["Yes, $.", "We do, $."],
    questions: ["Do you ship to islands?", "Do you ship pumps to an island?"],
  },
  {
    document: "faq.md",
    heading: "What does the yellow light mean?",
    values: ["low oil pressure", "an open valve", "a worn bearing"],
    sentences: ["It stands for $.", "That is $."],
    questions: ["What does the yellow light mean?", "What is the meaning of the yellow light?"],
  },
  {
    document: "faq.md",
    heading: "Who may open the housing?",
    values: ["Electricians", "Certified technicians", "Trained operators"],
    sentences: ["$ with a permit.", "$, after the pump has cooled down."],
    questions: ["Who may open the housing?", "Who is allowed to open the housing?"],
  },
];

const names = [
  "Brannock Pumps",
  "Velden Hydraulics",
  "Tarn Valley Works",
  "Corvo Fluid Systems",
  "Askham Instruments",
  "Lindqvist Marine",
];
const models = ["AX-110", "AX-240", "BR-305", "BR-410", "CT-520", "DV-660"];

const randomOf = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** Companies that state other facts in other words. The same number gives the same companies. */
export const companies = (count = names.length): Company[] =>
  names.slice(0, count).map((name, n) => companyOf(name, randomOf(n + 1)));

const statedShare = 0.6;
const pricedModels = 4;

const companyOf = (name: string, random: () => number): Company => {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const sections = new Map<string, Map<string, string[]>>();
  const questions: Company["questions"] = [];
  for (const { document, heading, sentences, questions: asked, values } of facts) {
    const value = pick(values);
    const isStated = random() < statedShare;
    if (isStated) {
      const own = sections.get(document) ?? new Map<string, string[]>();
      sections.set(document, own.set(heading, [...(own.get(heading) ?? []), pick(sentences).replace("$", value)]));
    }
    const kind = /\d|three|two|four|six|five|one/.test(value) ? "number" : "text";
    for (const text of asked) questions.push({ text, answer: isStated ? value : null, kind });
  }
  const priced = models.toSorted(() => random() - 0.5).slice(0, pricedModels);
  const rows = priced.map(
    (model) =>
      [model, `${(100 + Math.floor(random() * 900)).toString()}.50`, `${5 + Math.floor(random() * 40)}`] as const,
  );
  for (const model of models) {
    const row = rows.find(([own]) => own === model);
    questions.push({ text: `What is the price of ${model}?`, answer: row?.[1] ?? null, kind: "table" });
    questions.push({ text: `How heavy is the ${model}?`, answer: row?.[2] ?? null, kind: "table" });
  }
  const texts = [...sections].map(([document, own]) => ({
    name: document,
    text: [`# ${name}`, ...[...own].map(([heading, sentences]) => `## ${heading}\n\n${sentences.join(" ")}`)].join(
      "\n\n",
    ),
  }));
  const prices = ["Model,Price in EUR,Weight in kg", ...rows.map((row) => row.join(","))].join("\n");
  return { name, documents: [...texts, { name: "prices.csv", text: prices }], questions };
};
