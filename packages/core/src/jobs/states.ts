import { stateMachine, type Transitions } from "../platform/database/state-machine.ts";
import { keysOf } from "../platform/keys.ts";
import { jobTable as table } from "./job.sql.ts";

export const states = {
  queued: "Waits for a worker.",
  running: "A worker holds the lease and goes on from the checkpoint.",
  paused: "Stands still until it is resumed; its place is kept.",
  completed: "All is done.",
  failed: "Ended with a reason; resuming goes on from where it was.",
  cancelled: "Given up; what was half made is removed.",
} as const;
export type Status = keyof typeof states;
export const statuses = keysOf(states);

/** Every move a job can make. No other move happens. */
export const transitions = {
  claim: { from: ["queued", "running"], to: ["running"], when: "a worker takes the lease", verb: "be claimed" },
  yield: { from: ["running"], to: ["queued"], when: "its worker is told to stop", verb: "be given back" },
  pause: { from: ["queued", "running"], to: ["paused"], when: "somebody pauses it", verb: "be paused" },
  resume: { from: ["paused", "failed"], to: ["queued"], when: "somebody resumes it", verb: "be resumed" },
  cancel: {
    from: ["queued", "running", "paused"],
    to: ["cancelled"],
    when: "somebody cancels it",
    verb: "be cancelled",
  },
  complete: { from: ["running"], to: ["completed"], when: "its last step is done", verb: "be completed" },
  fail: { from: ["queued", "running"], to: ["failed"], when: "it cannot go on", verb: "fail" },
} as const satisfies Transitions<Status>;

export const { allows, conflict, move } = stateMachine(table, transitions, { noun: "job", problem: "job-conflict" });
