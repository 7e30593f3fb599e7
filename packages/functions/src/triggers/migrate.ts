import { repairLogins } from "@resolve/core/platform/database/login-rotation";
import { migrate } from "@resolve/core/platform/database/migrate";
import { resource } from "@resolve/core/platform/resources";
import { databaseUsers } from "../topology.ts";

export const handler = async (): Promise<{ applied: string[]; repaired: string[] }> => ({
  ...(await migrate(resource("MasterDatabase"))),
  ...(await repairLogins(databaseUsers)),
});
