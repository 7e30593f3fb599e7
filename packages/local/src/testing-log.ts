import { logger } from "@resolve/core/platform/telemetry";
import { onTestFinished, vi } from "vitest";

/** The lines that the code logs as errors from now until the end of the test. */
export const loggedErrors = (): string[] => {
  const lines: string[] = [];
  logger.setLogLevel("INFO");
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  onTestFinished(() => {
    vi.restoreAllMocks();
    logger.setLogLevel("SILENT");
  });
  return lines;
};
