// Writes examples/corpus: the documents of Halden Optics, a fictional company. The output is always the same.

import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, WidthType } from "docx";
import PDFDocument from "pdfkit";

const corpus = new URL("./corpus/", import.meta.url);
mkdirSync(corpus, { recursive: true });
const published = new Date("2026-01-05T09:00:00Z");

const handbook = [
  [
    "Welcome",
    [
      "Halden Optics grinds and fits lenses for opticians in eleven countries. We were founded in Halden in 1987 by two lens grinders and employ 214 people in three workshops: Halden, Tartu and Porto.",
      "This handbook tells you what you can expect of us and what we expect of you. Where it differs from your employment contract, the contract decides. Questions go to the people team at people@halden-optics.example.",
      "The handbook is reviewed every January by the people team and the works council. Changes are announced four weeks before they take effect.",
    ],
  ],
  [
    "Working hours",
    [
      "A full working week has 37.5 hours. Core time is from 9:30 to 15:00; outside it you arrange your hours with your team. Workshop shifts are planned six weeks ahead and published on the notice board and in the shift application.",
      "Overtime is agreed with your lead before it happens. It is paid at 140 percent of the hourly wage or taken as time off within three months, as you prefer.",
      "Work from home is possible for up to three days a week in office roles. Workshop roles need the machines and are done on site.",
    ],
  ],
  [
    "Leave and absence",
    [
      "You have 27 days of paid annual leave, and one more day for every five years with us, up to 32. Leave not taken by 31 March of the following year lapses unless illness prevented it.",
      "Parental leave follows national law; in addition we pay full salary for the first sixteen weeks to each parent. Tell the people team at least eight weeks before the leave begins.",
      "If you are ill, tell your lead before 9:00 on the first day. From the fourth day on we need a doctor's note.",
    ],
  ],
  [
    "Notice period",
    [
      "The notice period for employees is three months to the end of a calendar month, for both sides. During the probation of six months it is fourteen days.",
      "Notice must be given in writing to the people team. A message or an e-mail is not enough; a signed letter or a qualified electronic signature is.",
      "When you leave, return tools, keys and devices on your last working day. Your final payslip includes leave that you could not take.",
    ],
  ],
  [
    "Expenses and travel",
    [
      "Travel is booked through the travel desk. Trains are second class up to four hours and first class beyond. Flights inside Europe are economy class. Hotels may cost up to 140 euros a night, in capitals up to 190 euros.",
      "Meals on business trips are paid as a daily allowance of 42 euros; breakfast included in the hotel price reduces it by 8 euros.",
      "Hand in receipts within 30 days after the trip. Expenses are paid with the next salary.",
    ],
  ],
  [
    "Safety in the workshop",
    [
      "Eye protection is worn at every grinding station without exception. Polishing agents are kept in the yellow cabinet and logged when taken.",
      "Every workshop has a first aid officer for each shift; their names hang beside the first aid kit. Accidents are reported the same day with form S-12, also when nobody was hurt.",
      "The emergency stop of a grinding line is the red bar at knee height. Pull it first, then call 112, then the shift lead.",
    ],
  ],
  [
    "Data protection",
    [
      "Prescriptions are health data. They are opened only for an order, never sent by ordinary e-mail, and deleted 24 months after delivery.",
      "Lost devices are reported to security@halden-optics.example within one hour, at night as well. The on-call engineer wipes them remotely.",
      "Customer lists leave the company only with written permission of the data protection officer, Marit Solberg.",
    ],
  ],
];

const allowances = [
  ["Country", "Daily allowance", "Hotel limit"],
  ["Norway", "52 EUR", "190 EUR"],
  ["Estonia", "38 EUR", "120 EUR"],
  ["Portugal", "40 EUR", "130 EUR"],
  ["Germany", "42 EUR", "140 EUR"],
  ["France", "46 EUR", "170 EUR"],
];

async function writeHandbook() {
  const pdf = new PDFDocument({
    size: "A4",
    margins: { top: 72, bottom: 72, left: 72, right: 72 },
    bufferPages: true,
    info: { Title: "Employee handbook", Author: "Halden Optics", CreationDate: published, ModDate: published },
  });
  const file = createWriteStream(new URL("handbook.pdf", corpus));
  pdf.pipe(file);
  pdf.moveDown(8).font("Helvetica-Bold").fontSize(30).fillColor("#1c2330").text("Employee handbook");
  pdf.moveDown(0.5).font("Helvetica").fontSize(14).fillColor("#55607a").text("Halden Optics AS · edition 2026");
  pdf.moveDown(4).fontSize(11).fillColor("#1c2330").text("Contents", { underline: true }).moveDown(0.5);
  for (const [at, [title]] of handbook.entries()) pdf.text(`${at + 1}  ${title}`, { lineGap: 4 });
  for (const [at, [title, paragraphs]] of handbook.entries()) {
    pdf
      .addPage()
      .font("Helvetica-Bold")
      .fontSize(20)
      .fillColor("#1c2330")
      .text(`${at + 1}  ${title}`)
      .moveDown(0.8);
    pdf.font("Helvetica").fontSize(11).fillColor("#222b3a");
    for (const paragraph of paragraphs) pdf.text(paragraph, { lineGap: 4, align: "left" }).moveDown(0.8);
    if (title === "Expenses and travel") {
      pdf.moveDown(0.5).font("Helvetica-Bold").text("Allowances by country").moveDown(0.4).font("Helvetica");
      pdf.table({
        columnStyles: ["*", 120, 120],
        rowStyles: (row) => (row === 0 ? { backgroundColor: "#e8edf6" } : {}),
        data: allowances,
      });
    }
  }
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page);
    pdf.page.margins.bottom = 0;
    pdf
      .fontSize(9)
      .fillColor("#7a869c")
      .text(`Halden Optics · Employee handbook · ${page + 1} / ${count}`, 72, 800, {
        width: 451,
        align: "center",
        lineBreak: false,
      });
  }
  pdf.end();
  await once(file, "finish");
}

const clauses = [
  [
    "Subject",
    [
      "The supplier delivers finished spectacle lenses to the customer under this framework contract. Each order becomes binding when the supplier confirms it.",
      "Terms of the customer do not apply, even when the supplier delivers without objecting to them.",
    ],
  ],
  [
    "Delivery",
    [
      "Standard lenses leave the workshop within three working days after the order, coated lenses within five, prisms within eight.",
      "Delivery is DAP to the customer's shop. Partial deliveries are allowed.",
    ],
  ],
  [
    "Prices and payment",
    [
      "Prices are those of the price list in force on the day of the order, without value added tax. The price list changes at most twice a year, with eight weeks' notice.",
      "Invoices are due 30 days after delivery without deduction. Late payment bears interest of 8 percentage points above the base rate.",
    ],
  ],
  [
    "Warranty",
    [
      "Coatings are warranted against peeling and cracking for 24 months from delivery. Scratches from use are not covered.",
      "The customer examines lenses within ten days of delivery and reports visible defects in writing.",
    ],
  ],
  [
    "Liability",
    [
      "Liability for simple negligence is limited to the value of the order. It is not limited for injury to persons.",
      "Neither party is liable for delays caused by events beyond its control that last less than 30 days.",
    ],
  ],
  [
    "Term and termination",
    [
      "The contract begins on 1 February 2026 and runs for two years. It renews by one year unless terminated with six months' notice before the end of the term.",
      "Either party may terminate at once for an important reason, in particular after two unpaid invoices.",
    ],
  ],
];

async function writeContract() {
  const cell = (text) =>
    new TableCell({ children: [new Paragraph(text)], width: { size: 50, type: WidthType.PERCENTAGE } });
  const rows = [
    ["Party", "Represented by"],
    ["Halden Optics AS, Halden", "Ingrid Halvorsen, managing director"],
    ["Brillenhaus Nord GmbH, Kiel", "Jens Petersen, owner"],
  ];
  const body = clauses.flatMap(([title, paragraphs], at) => [
    new Paragraph({ text: `${at + 1}. ${title}`, heading: HeadingLevel.HEADING_2 }),
    ...paragraphs.map((text, n) => new Paragraph({ text: `${at + 1}.${n + 1} ${text}` })),
  ]);
  const document = new Document({
    title: "Framework supply contract",
    creator: "Halden Optics",
    sections: [
      {
        children: [
          new Paragraph({ text: "Framework supply contract", heading: HeadingLevel.HEADING_1 }),
          new Paragraph("Contract number HO-2026-014"),
          new Table({
            width: { size: 100, type: WidthType.PERCENTAGE },
            rows: rows.map((row) => new TableRow({ children: row.map(cell) })),
          }),
          ...body,
        ],
      },
    ],
  });
  writeFileSync(new URL("contract.docx", corpus), await Packer.toBuffer(document));
}

function writePrices() {
  const materials = [
    ["CR-39", 1.5, 18],
    ["Polycarbonate", 1.59, 27],
    ["MR-8", 1.6, 34],
    ["MR-7", 1.67, 48],
    ["MR-174", 1.74, 79],
  ];
  const coatings = [
    ["uncoated", 0],
    ["hard coat", 6],
    ["anti-reflective", 14],
    ["blue filter", 19],
  ];
  const designs = [
    ["single vision", 1],
    ["progressive", 3.4],
  ];
  const lines = ["article,material,index,design,coating,price_eur,delivery_days"];
  for (const [material, index, base] of materials)
    for (const [design, factor] of designs)
      for (const [coating, extra] of coatings)
        lines.push(
          `HL-${String(lines.length).padStart(3, "0")},${material},${index},${design},${coating},${(base * factor + extra).toFixed(2)},${extra === 0 ? 3 : 5}`,
        );
  writeFileSync(new URL("price-list.csv", corpus), `${lines.join("\n")}\n`);
}

const faq = [
  [
    "Orders",
    [
      [
        "How do I place an order?",
        "Through the portal, by EDI, or by e-mail to orders@halden-optics.example with the order form. Portal orders before 14:00 are confirmed the same day.",
      ],
      [
        "Can I change an order?",
        "Until it is confirmed, in the portal. After that call the workshop; a change costs 9 euros once grinding has begun.",
      ],
    ],
  ],
  [
    "Returns",
    [
      [
        "When are returns accepted?",
        "Unused standard lenses within 30 days of delivery, in the original sleeve. Lenses ground to a prescription cannot be returned, except for defects.",
      ],
      [
        "Who pays for a return?",
        "We do, when the fault is ours: print the label in the portal. Otherwise the parcel is yours to pay.",
      ],
    ],
  ],
  [
    "Care",
    [
      [
        "How do customers clean coated lenses?",
        "Lukewarm water, a drop of neutral soap, a microfibre cloth. No acetone, no hot air above 60 degrees: the coating cracks.",
      ],
      ["Do blue filter lenses change colours?", "Slightly towards yellow; most people stop noticing within two days."],
    ],
  ],
];

function writeFaq() {
  const sections = faq
    .map(
      ([title, entries]) =>
        `<section><h2>${title}</h2>${entries.map(([question, answer]) => `<h3>${question}</h3><p>${answer}</p>`).join("")}</section>`,
    )
    .join("\n");
  writeFileSync(
    new URL("faq.html", corpus),
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Questions and answers · Halden Optics</title><style>body{font-family:sans-serif;max-width:40rem;margin:2rem auto}</style></head>
<body><header><h1>Questions and answers for opticians</h1></header><main>
${sections}
</main><footer><p>Service desk: weekdays 8:00 to 18:00, +47 69 00 00 00.</p></footer></body></html>
`,
  );
}

function writeNotes() {
  writeFileSync(
    new URL("release-notes.md", corpus),
    `# Ordering portal: release notes

## 4.2 (12 January 2026)

- Orders can be **copied**, with the prescription or without it.
- The delivery forecast counts workshop holidays in Tartu and Porto.
- Fixed: the basket lost its prisms when the browser went back.

## 4.1 (3 November 2025)

- Two-factor sign-in is required for all users with the role *buyer*.
- EDI messages of type ORDCHG are accepted; see the table.

| Message | Direction | Since |
|---|---|---|
| ORDERS | in | 2.0 |
| ORDRSP | out | 2.0 |
| ORDCHG | in | 4.1 |
| DESADV | out | 3.3 |

## 4.0 (1 September 2025)

- New price engine: discounts are shown per line.
- The old address \`portal.halden.example\` is switched off on 31 March 2026.
`,
  );
}

await writeHandbook();
await writeContract();
writePrices();
writeFaq();
writeNotes();
