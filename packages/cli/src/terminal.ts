import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";

/** Asks on the terminal, or reads lines of another input; a secret answer is not shown. */
export const questions = (input: NodeJS.ReadStream, output: NodeJS.WriteStream) => {
  let isMuted = false;
  let lines: { reader: Interface; next: AsyncIterator<string> } | undefined;
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  return {
    async ask(question: string, { isSecret = false } = {}): Promise<string> {
      if (!lines) {
        const reader = createInterface({ input, output: shown, terminal: input.isTTY === true });
        lines = { reader, next: reader[Symbol.asyncIterator]() };
      }
      output.write(question);
      isMuted = isSecret;
      const { value, done } = await lines.next.next();
      isMuted = false;
      if (isSecret || !input.isTTY) output.write("\n");
      if (done) throw new Error("The input ended before the answer.");
      return value.trim();
    },
    close: () => lines?.reader.close(),
  };
};
