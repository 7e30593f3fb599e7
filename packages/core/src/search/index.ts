export { Answer, AnswerQuery, answer, decideFrom } from "./answer.ts";
export { findCitation } from "./citation.ts";
export * from "./search.ts";
export { sentencesOf } from "./sentences.ts";
