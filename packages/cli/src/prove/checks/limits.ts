import { unwrap } from "@resolve/sdk";
import { type Check, details } from "../check.ts";

const perSecond = 5;
const burst = 10;
const requests = 80;
const lowered = {
  requestsPerSecond: perSecond,
  requestBurst: burst,
  callerRequestsPerSecond: perSecond,
  collections: 0,
};

export const limits: Check = {
  name: "limits",
  promise: "A tenant gets the requests of its limit, is told when to come back, and takes nothing from its neighbours",
  limit: "0 faults",
  async run({ a, b, operator }) {
    const setLimits = (body: Record<string, number | null>) =>
      unwrap(operator.PATCH("/api/v1/tenants/{tenantId}/limits", { params: { path: { tenantId: b.id } }, body }));
    await setLimits(lowered);
    const faults: string[] = [];
    try {
      const startedAt = performance.now();
      const ask = () => b.call("GET", "/api/v1/tenant/limits");
      const askAsNeighbour = () => a.call("GET", "/api/v1/tenant/limits");
      const [own, others] = await Promise.all([
        Promise.all(Array.from({ length: requests }, ask)),
        Promise.all(Array.from({ length: requests / 4 }, askAsNeighbour)),
      ]);
      const seconds = (performance.now() - startedAt) / 1000;
      const admitted = own.filter(({ status }) => status === 200).length;
      const most = burst + Math.ceil(seconds * perSecond);
      if (admitted > most)
        faults.push(`${admitted} requests were admitted in ${seconds.toFixed(1)} s, at most ${most} may be`);
      if (admitted < 1) faults.push("no request was admitted");
      for (const { status, headers, json } of own) {
        if (status === 200) continue;
        const waits = Number(headers.get("retry-after"));
        if (status !== 429 || json["code"] !== "rate-limited" || !(waits >= 1) || !headers.has("ratelimit-reset"))
          faults.push(
            `a request beyond the limit gets ${status} ${json["code"]}, Retry-After ${headers.get("retry-after")}`,
          );
      }
      const refused = others.filter(({ status }) => status !== 200).length;
      if (refused > 0) faults.push(`${refused} requests of the neighbour were refused`);
      await new Promise((done) => setTimeout(done, (burst / perSecond) * 1000 + 1_000));
      const { status, json } = await b.call("POST", "/api/v1/collections", { body: { name: "one too many" } });
      if (status !== 409 || json["code"] !== "limit-reached")
        faults.push(`a collection beyond the limit gets ${status} ${json["code"]}`);
      return {
        measured: `${faults.length} faults; ${admitted} of ${requests} requests admitted in ${seconds.toFixed(1)} s`,
        passed: faults.length === 0,
        detail: details(
          [`${requests} requests at once of a tenant that may make ${burst} at once and ${perSecond} a second`],
          faults,
        ),
      };
    } finally {
      // Back to those of the plan.
      await setLimits(Object.fromEntries(Object.keys(lowered).map((name) => [name, null])));
    }
  },
};
