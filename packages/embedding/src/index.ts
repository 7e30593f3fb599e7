export * from "./bedrock.ts";
export * from "./embedder.ts";
export { hashEmbedder } from "./hash.ts";
export * from "./openai.ts";
export * from "./static.ts";
