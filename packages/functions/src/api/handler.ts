import { handle } from "hono/aws-lambda";
import { app } from "./index.ts";

/** API Gateway HTTP API, payload format 2.0. */
export const handler = handle(app);
