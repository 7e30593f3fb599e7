/** Readers and tokenizer are half of the code of a function, and most functions only share a module with one that uses them. */
export const loadMaker = (): Promise<typeof import("./make.ts")> => import("./make.ts");
