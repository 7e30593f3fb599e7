import { migrate } from "@resolve/core/migrate";
import { resource } from "@resolve/core/platform/resources";
import { repairLogins } from "@resolve/core/platform/rotation";
import { databaseUsers } from "../topology.ts";

export const handler = async (): Promise<{ applied: string[]; repaired: string[] }> => ({
  ...(await migrate(resource("MasterDatabase"))),
  ...(await repairLogins(databaseUsers)),
});
