export { Answer, AnswerQuery, answer } from "./answer.ts";
export { findCitation } from "./citation.ts";
export * from "./search.ts";
