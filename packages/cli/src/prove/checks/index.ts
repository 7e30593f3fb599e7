import type { Check } from "../check.ts";
import { answers } from "./answers.ts";
import { counts } from "./counts.ts";
import { crash } from "./crash.ts";
import { download } from "./download.ts";
import { events } from "./events.ts";
import { fairness } from "./fairness.ts";
import { isolation } from "./isolation.ts";
import { keys } from "./keys.ts";
import { limits } from "./limits.ts";
import { onboarding } from "./onboarding.ts";
import { permissions } from "./permissions.ts";
import { reading } from "./reading.ts";
import { ready } from "./ready.ts";
import { search } from "./search.ts";
import { webhooks } from "./webhooks.ts";

/** All checks, in the order of their execution and of the page. The last one kills the system. */
export const checks: readonly Check[] = [
  onboarding,
  isolation,
  keys,
  permissions,
  limits,
  counts,
  search,
  answers,
  reading,
  ready,
  download,
  events,
  webhooks,
  fairness,
  crash,
];
