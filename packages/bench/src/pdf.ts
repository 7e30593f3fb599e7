import { readFileSync } from "node:fs";
import { documentSettled, uploadDocument } from "@resolve/sdk";
import { sharedData } from "../../../scripts/shared-data.ts";
import { median, spread } from "./statistics.ts";
import { withSystem } from "./system.ts";

const runs = 7;

/** A 10 MB text PDF from presigned upload to `ready`: stages, CPU seconds and memory of the process. */
export const pdf = (): Promise<void> =>
  withSystem(async ({ newTenant }) => {
    const file = sharedData("documents/files/pgfmanual.pdf");
    if (!file) return;
    const seconds: number[] = [];
    const cpuSeconds: number[] = [];
    const stages: Record<string, number[]> = {};
    let peakMb = 0;
    const watch = setInterval(() => {
      peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1e6);
    }, 20);
    const idleMb = process.memoryUsage.rss() / 1e6;
    for (let run = 0; run < runs; run++) {
      const client = await newTenant();
      const bytes = new Uint8Array(readFileSync(file));
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      const { id } = await uploadDocument(client, { name: "manual.pdf", contentType: "application/pdf", bytes });
      const document = await documentSettled(client, id);
      seconds.push((performance.now() - startedAt) / 1000);
      const { user, system } = process.cpuUsage(cpu);
      cpuSeconds.push((user + system) / 1e6);
      if (document.status !== "ready") throw new Error(`ended as ${document.failure?.code}`);
      for (const [stage, ms] of Object.entries(document.stageTimings)) {
        stages[stage] ??= [];
        stages[stage].push(ms! / 1000);
      }
      if (run === 0)
        console.log(`${document.pages} pages, ${document.chunks} chunks, ${(bytes.length / 1e6).toFixed(1)} MB`);
    }
    clearInterval(watch);
    console.log(`upload → ready   ${spread(seconds)} s, CPU ${spread(cpuSeconds)} s, ${runs} runs`);
    for (const [stage, values] of Object.entries(stages))
      console.log(`  ${stage.padEnd(12)} ${median(values).toFixed(2)} s`);
    console.log(
      `memory           ${peakMb.toFixed(0)} MB at most, all of the system in one process; ${idleMb.toFixed(0)} MB idle`,
    );
  });
