import { maintainPartitions } from "@resolve/core/platform/database/partitions";

export const handler = async (): Promise<{ made: number }> => maintainPartitions();
