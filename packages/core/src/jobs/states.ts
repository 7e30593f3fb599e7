import { stateMachine, type Transitions } from "../platform/database/state-machine.ts";
import { keysOf } from "../platform/keys.ts";
import { jobTable as table } from "./job.sql.ts";

export const states = {
  queued: "Waits for a worker.",
  running: "A worker has the lease and continues from the checkpoint.",
  paused: "Stopped until it is resumed; the checkpoint is kept.",
  completed: "All steps are done.",
  failed: "Failed; `failure` is the reason. A resumed job continues from the checkpoint.",
  cancelled: "Cancelled; incomplete results are removed.",
} as const;
export type Status = keyof typeof states;
export const statuses = keysOf(states);

/** All transitions of a job. */
export const transitions = {
  claim: { from: ["queued", "running"], to: ["running"], when: "a worker takes the lease", verb: "be claimed" },
  yield: { from: ["running"], to: ["queued"], when: "its worker stops", verb: "be released" },
  pause: { from: ["queued", "running"], to: ["paused"], when: "somebody pauses it", verb: "be paused" },
  resume: { from: ["paused", "failed"], to: ["queued"], when: "somebody resumes it", verb: "be resumed" },
  cancel: {
    from: ["queued", "running", "paused"],
    to: ["cancelled"],
    when: "somebody cancels it",
    verb: "be cancelled",
  },
  complete: { from: ["running"], to: ["completed"], when: "its last step is done", verb: "be completed" },
  fail: { from: ["queued", "running"], to: ["failed"], when: "it cannot continue", verb: "fail" },
} as const satisfies Transitions<Status>;

export const { allows, conflict, move } = stateMachine(table, transitions, { noun: "job", problem: "job-conflict" });
