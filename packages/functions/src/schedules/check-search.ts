import { checkSearch } from "@resolve/core/jobs";

export const handler = async (): Promise<void> => checkSearch();
