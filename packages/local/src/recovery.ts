import { poolOn } from "@resolve/core/platform/database/credentials";

const pollMs = 5_000;

type Unfinished = { documents: number; jobs: number };

/**
 * Reports what the previous process left unfinished, and how much of it is still left, until nothing is. Uploads whose event
 * was lost appear in the second report, when the sweep has found them.
 */
export async function watchRecovery({ url, log }: { url: string; log: (line: string) => void }) {
  const startedAt = new Date();
  const sql = poolOn(url, { max: 1, idle_timeout: 1 });
  const read = async (): Promise<Unfinished> => {
    const [row] = await sql<Unfinished[]>`select
      (select count(*)::int from app.documents where status in ('queued', 'processing') and created_at < ${startedAt}) as documents,
      (select count(*)::int from app.jobs where status in ('queued', 'running') and created_at < ${startedAt}) as jobs`;
    return row!;
  };
  const text = ({ documents, jobs }: Unfinished) => `${documents} documents and ${jobs} jobs`;
  const count = ({ documents, jobs }: Unfinished) => documents + jobs;
  let last = await read();
  if (count(last) > 0) log(`recovery: ${text(last)} were left unfinished`);

  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const report = async (): Promise<void> => {
    const next = await read().catch(() => last);
    if (count(next) === 0) {
      if (count(last) > 0) log("recovery: all of it is finished");
      return;
    }
    if (text(next) !== text(last)) log(`recovery: ${text(next)} are left`);
    last = next;
    if (!isStopped) timer = setTimeout(poll, pollMs);
  };
  const poll = () => {
    running = report();
  };
  return {
    /** Call after the sweep, when the workers have started. */
    watch: poll,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await sql.end({ timeout: 1 });
      await running;
    },
  };
}
