declare module "ioredis-mock" {
  export default class RedisMock {}
}
declare module "proper-lockfile" {
  /** Resolves with a function that releases the lock. */
  export function lock(
    path: string,
    options: {
      stale: number;
      update: number;
      retries: { retries: number; minTimeout: number; maxTimeout: number };
      lockfilePath: string;
      onCompromised(error: Error): void;
    },
  ): Promise<() => Promise<void>>;
}
declare module "redis-parser" {
  export default class Parser {
    constructor(options: { returnReply(reply: string[]): void; returnError(error: Error): void });
    execute(chunk: Buffer): void;
  }
}
