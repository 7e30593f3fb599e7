import { startGateway } from "./gateway.ts";
import { invoke } from "./lambda.ts";

/** Another process of the API, for tests of what two of them know. It reads the links of its parent from the environment. */
const gateway = await startGateway({ port: 0, invoke });
process.once("disconnect", () => process.exit(0));
process.send!(`http://127.0.0.1:${gateway.port}/api`);
