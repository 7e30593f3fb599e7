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
    },
  ): Promise<() => Promise<void>>;
}
declare module "redis-parser" {
  export default class Parser {
    constructor(options: { returnReply(reply: string[]): void; returnError(error: Error): void });
    execute(chunk: Buffer): void;
  }
}
declare module "s3rver" {
  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string }[];
    });
    readonly store: {
      putObject(object: {
        bucket: string;
        key: string;
        /** Of a PUT the request. */
        content: Buffer | import("node:http").IncomingMessage;
        metadata: Record<string, string>;
      }): Promise<{ size: number; md5: string }>;
      putMetadata(bucket: string, key: string, metadata: Record<string, string>, md5: string): Promise<void>;
      existsObject(bucket: string, key: string): Promise<boolean>;
      deleteObject(bucket: string, key: string): Promise<void>;
      /** Added by `s3-versions.ts`. */
      deleteVersion(bucket: string, key: string, id: string): Promise<void>;
      getResourcePath(bucket: string, key: string, resource: "object"): string;
      getBucketPath(bucket: string): string;
    };
    run(): Promise<{ address: string; port: number }>;
    close(): Promise<void>;
  }
}
declare module "s3rver/lib/models/error.js" {
  export default class S3Error extends Error {
    constructor(code: string, message: string);
  }
}
