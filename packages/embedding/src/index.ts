export * from "./embedder.ts";
export * from "./openai.ts";
export * from "./static.ts";
