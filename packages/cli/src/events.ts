import { setTimeout as sleep } from "node:timers/promises";
import { ApiProblem, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";
import type { JobTools } from "./jobs.ts";

type Tools = Pick<JobTools, "client" | "show"> & { positive(text: string): number };
type Options = { after?: number; cursor?: string; types?: string; follow?: true; limit?: number };

/** The longest that the API waits for an event. */
const waitSeconds = 20;
const pageMax = 100;
const retryMs = 2_000;

/** `resolve events`, `cursors` and `cursor`: the event log, and positions in it. */
export const addEventCommands = (program: Command, { client, show, positive }: Tools): void => {
  const named = (cursorName: string) => ({ params: { path: { cursorName } } });

  program
    .command("events")
    .description("the tenant's event log, oldest first")
    .option("--after <sequence>", "only later ones", Number)
    .option("--cursor <name>", "read after this event cursor, and commit what was printed")
    .option("--types <types>", "only these types, separated by commas")
    .option("--follow", "wait for new events, until it is interrupted")
    .option("--limit <number>", "the largest number of events (default: 100, with --follow no limit)", positive)
    .action(async ({ after, cursor, types, follow, limit }: Options) => {
      let left = limit ?? (follow ? Number.POSITIVE_INFINITY : pageMax);
      let position: { after?: number; cursorName?: string } = {
        ...(cursor === undefined ? { after: after ?? 0 } : { cursorName: cursor }),
        ...(after === undefined ? {} : { after }),
      };
      let committed: number | undefined;
      for (let isFirst = true; left > 0; isFirst = false) {
        const query = {
          ...position,
          limit: Math.min(left, pageMax),
          ...(types ? { types } : {}),
          ...(follow ? { waitSeconds } : {}),
        };
        try {
          const page = await unwrap(client().GET("/api/v1/events", { params: { query } }));
          if (page.data.length > 0 || !follow) show(page, ({ data }) => data.map(eventLine));
          if (cursor !== undefined && page.lastSequence !== committed) {
            const commit = { ...named(cursor), body: { sequence: page.lastSequence } };
            await unwrap(client().POST("/api/v1/event-cursors/{cursorName}/commit", commit));
            committed = page.lastSequence;
          }
          left -= page.data.length;
          position = { after: page.lastSequence };
          if (!follow && !page.hasMore) return;
        } catch (error) {
          // The API may be away for a moment, such as during a restart. A mistake in the options shows in the first request.
          if (isFirst || !follow || isRefusal(error)) throw error;
          await sleep(retryMs);
        }
      }
    });

  program
    .command("cursors")
    .description("the positions of the tenant's consumers in the event log")
    .action(async () => {
      const { data } = await unwrap(client().GET("/api/v1/event-cursors"));
      show(data, (all) => all.map(cursorLine));
    });
  program
    .command("cursor")
    .description("read an event cursor, or create it or set it to a sequence")
    .argument("<name>")
    .argument("[sequence]", "0 is before the first event")
    .option("--delete", "remove it")
    .action(async (name: string, sequence: string | undefined, options: { delete?: true }) => {
      const path = "/api/v1/event-cursors/{cursorName}";
      if (options.delete) {
        await unwrap(client().DELETE(path, named(name)));
        return;
      }
      const cursor = await unwrap(
        sequence === undefined
          ? client().GET(path, named(name))
          : client().PUT(path, { ...named(name), body: { sequence: Number(sequence) } }),
      );
      show(cursor, (one) => [cursorLine(one)]);
    });
};

/** The API has understood the request and refuses it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.status < 500 && error.problem.status !== 429;

const eventLine = ({ sequence, occurredAt, type, subject }: Schemas["Event"]): string =>
  `${String(sequence).padStart(6)}  ${occurredAt}  ${type}  ${subject.id}`;

const cursorLine = ({ name, sequence, behind }: Schemas["EventCursor"]): string =>
  `${name.padEnd(20)}  ${sequence}  ${behind} behind`;
