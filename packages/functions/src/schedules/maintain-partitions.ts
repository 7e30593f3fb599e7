import { maintainPartitions, type RetentionMonths, retireMonths } from "@resolve/core/platform/database/partitions";
import { retentionMonths } from "../topology.ts";

/** Creates the months to come, then drops those whose retention has ended; a stage may have another retention. */
export const handler = async (event?: {
  retentionMonths?: RetentionMonths;
}): Promise<{ made: number; retired: string[] }> => {
  const { made } = await maintainPartitions();
  const { retired } = await retireMonths(event?.retentionMonths ?? retentionMonths);
  return { made, retired };
};
