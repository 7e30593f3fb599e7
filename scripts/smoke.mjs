// `npm run smoke -- https://…/api`: asks a deployment what every deployment must answer, and fails with what it did not.
const apiUrl = (process.argv[2] ?? "").replace(/\/$/, "");
if (!/^https?:\/\/.+\/api$/.test(apiUrl)) {
  console.error("Say which API: its address ends in /api.");
  process.exit(2);
}

const ask = async (url, headers = {}) => {
  const response = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(15_000) });
  return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
};

const checks = {
  "the process is alive": async () => (await ask(`${apiUrl}/health`)).status === 200,
  "database, queue and cache answer": async () => {
    const { status, text } = await ask(`${apiUrl}/ready`);
    return status === 200 && JSON.parse(text).status === "ok";
  },
  "the API is described": async () => JSON.parse((await ask(`${apiUrl}/openapi.json`)).text).openapi.startsWith("3.1"),
  "nobody gets in without a key": async () => {
    const { status, type, text } = await ask(`${apiUrl}/v1/documents`);
    return status === 401 && type.includes("problem+json") && JSON.parse(text).code === "unauthenticated";
  },
  "a key that never was is none": async () => {
    const { status } = await ask(`${apiUrl}/v1/documents`, { authorization: "Bearer rsk_live_none" });
    return status === 401;
  },
};

let failed = 0;
for (const [promise, holds] of Object.entries(checks)) {
  const result = await holds().catch((error) => error);
  if (result === true) {
    console.log(`ok      ${promise}`);
  } else {
    failed += 1;
    console.log(`failed  ${promise}${result instanceof Error ? `: ${result.message}` : ""}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
