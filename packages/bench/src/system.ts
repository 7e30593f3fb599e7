import { startSystem, type TestSystem } from "@resolve/local/testing-system";
import { createClient, type Resolve } from "@resolve/sdk";
import { unlimitedRequests } from "../../acceptance/src/client.ts";

export type System = Omit<TestSystem, "newTenant"> & { newTenant: () => Promise<Resolve> };

/** Starts the whole system, sets its links for this process too, and creates tenants with an SDK client and `unlimitedRequests`. */
export async function withSystem<T>(
  work: (system: System) => Promise<T>,
  links?: NonNullable<Parameters<typeof startSystem>[0]>["links"],
): Promise<T> {
  const system = await startSystem({ links });
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(system.runtime.resources);
  const newTenant = async () => {
    const { id, key } = await system.newTenant();
    await system.operator("PATCH", `/tenants/${id}/limits`, unlimitedRequests);
    return createClient({ apiUrl: system.runtime.apiUrl, apiKey: key });
  };
  try {
    return await work({ ...system, newTenant });
  } finally {
    await system.close();
  }
}
