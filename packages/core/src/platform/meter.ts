/**
 * What is counted of each tenant. Requests, searches and answers are counted in Redis and taken over from there
 * (usage/collect.ts); the others are counted in the transaction of what they count.
 */
export const meters = [
  "requests",
  "searches",
  "answers",
  "documents",
  "bytes",
  "pages",
  "chunks",
  "deliveries",
  "modelAnswers",
] as const;
export type Meter = (typeof meters)[number];
export type Amounts = Partial<Record<Meter, number>>;
