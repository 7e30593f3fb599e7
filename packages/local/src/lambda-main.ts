import { enableCompileCache } from "node:module";
import { load } from "./lambda.ts";
import { serve } from "./lambda-thread.ts";

/** The program of the pool's threads. */
enableCompileCache();
serve(load);
