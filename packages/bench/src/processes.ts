import { readdirSync, readFileSync } from "node:fs";
import type { Sql } from "postgres";

/** Fields of /proc/PID/stat after the name (proc(5)). */
const fieldsOf = (pid: number | string): number[] => {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text
    .slice(text.lastIndexOf(")") + 4)
    .split(" ")
    .map(Number);
};

/** PostgreSQL's first process, the parent of all others. */
export const postmasterOf = async (admin: Sql): Promise<number> =>
  fieldsOf((await admin`select pg_backend_pid() as pid`)[0]!["pid"])[0]!;

const msPerTick = 10;

/** CPU time of a process, without its children. */
export const ownCpuMsOf = (pid: number): number => {
  const [utime, stime] = fieldsOf(pid).slice(10, 12) as [number, number];
  return (utime + stime) * msPerTick;
};

/** CPU time of a process, its living children, and those that have ended. */
export const cpuMsOf = (parent: number): number => {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const fields = fieldsOf(pid);
      const [utime, stime, ended, endedStime] = fields.slice(10, 14) as [number, number, number, number];
      if (fields[0] === parent) ticks += utime + stime;
      if (Number(pid) === parent) ticks += utime + stime + ended + endedStime;
    } catch {
      // It has ended.
    }
  return ticks * msPerTick;
};
