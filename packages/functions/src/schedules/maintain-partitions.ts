import { maintainPartitions } from "@resolve/core/platform/partitions";

export const handler = async (): Promise<{ made: number }> => maintainPartitions();
