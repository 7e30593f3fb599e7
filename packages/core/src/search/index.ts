export { Answer, AnswerQuery, answer } from "./answer.ts";
export * from "./search.ts";
