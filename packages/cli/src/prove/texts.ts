/** Synthetic documents: sentences that differ, so that no two chunks are the same. */
const subjects = [
  "The lens",
  "Each invoice",
  "Our warranty",
  "A delivery",
  "The notice",
  "Every audit",
  "The engine",
  "One window",
  "The report",
  "A contract",
  "The meeting",
  "Any refund",
  "The archive",
];
const verbs = ["covers", "names", "replaces", "precedes", "explains", "limits", "follows"];
const objects = [
  "the holiday plan",
  "a coating of glass",
  "the second quarter",
  "damage by water",
  "the night shift",
  "a change of address",
  "the price list",
  "two witnesses",
  "the spare parts",
  "a written request",
  "the repair shop",
];

/** The lists are not empty. */
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;

/** The sentence with the number `n`. */
export const sentence = (n: number): string =>
  `${pick(subjects, n)} of file ${n} ${pick(verbs, n * 3 + 1)} ${pick(objects, n * 5 + 2)} and, since year ${1900 + (n % 117)}, ${pick(objects, n * 7 + 3)} too.`;

/** Prose of at least this many bytes, in paragraphs. */
export const prose = (bytes: number, from = 0): string => {
  const parts: string[] = [];
  let size = 0;
  for (let n = from; size < bytes; n++) {
    const part = `${sentence(n)}${n % 8 === 7 ? "\n\n" : " "}`;
    parts.push(part);
    size += part.length;
  }
  return parts.join("");
};
