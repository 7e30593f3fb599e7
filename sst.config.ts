/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  async app(input) {
    const { assertStageName, stageOf } = await import("./stacks/stage.ts");
    assertStageName(input.stage);
    const { permanent, region } = stageOf(input.stage);
    return {
      name: "resolve",
      home: "aws",
      // A mistaken `sst remove` must not delete customers' documents.
      removal: permanent ? "retain" : "remove",
      protect: permanent,
      providers: {
        aws: {
          version: "7.20.0",
          region,
          defaultTags: { tags: { app: "resolve", stage: input.stage } },
        },
        random: "4.16.6",
        datadog: "5.11.0",
      },
    };
  },
  async run() {
    const { accounts, createGithubRoles } = await import("./stacks/github.ts");
    const account = accounts[$app.stage];
    if (account) return createGithubRoles(account);
    const { stageOf } = await import("./stacks/stage.ts");
    const stage = stageOf($app.stage);
    const { guardRoles } = await import("./stacks/iam.ts");
    guardRoles();
    const { createBackup } = await import("./stacks/backup.ts");
    const { createUsers } = await import("./stacks/auth.ts");
    const { createNetwork } = await import("./stacks/network.ts");
    const { createDatabase } = await import("./stacks/database.ts");
    const { createCache, createSearchResults } = await import("./stacks/cache.ts");
    const { createSecrets } = await import("./stacks/secrets.ts");
    const { createStorage } = await import("./stacks/storage.ts");
    const { findRecovered, keepCopies } = await import("./stacks/recovery.ts");
    const { createOcr } = await import("./stacks/ocr.ts");
    const { createModel } = await import("./stacks/model.ts");
    const { createBus } = await import("./stacks/bus.ts");
    const { createQueues, subscribeConsumers } = await import("./stacks/queues.ts");
    const { createFunctions } = await import("./stacks/functions.ts");
    const { createRotation } = await import("./stacks/rotation.ts");
    const { createDeadLetters, createRules, linkDeadLetters } = await import("./stacks/rules.ts");
    const { createSchedules } = await import("./stacks/schedules.ts");
    const { createAliases, createRelease } = await import("./stacks/release.ts");
    const { createApi } = await import("./stacks/api.ts");
    const { createEdge, createOriginVerify } = await import("./stacks/edge.ts");
    const { createConsole } = await import("./stacks/console.ts");
    const { createTasks } = await import("./stacks/jobs.ts");
    const { createAlarms } = await import("./stacks/alarms.ts");
    const { observe } = await import("./stacks/observability.ts");

    const network = createNetwork(stage);
    const recovered = findRecovered(stage);
    const database = createDatabase(stage, network, recovered);
    const cache = createCache(stage, network);
    const secrets = createSecrets(stage, recovered);
    const users = createUsers(stage);
    const storage = createStorage(stage, recovered);
    const ocr = createOcr(stage);
    const embedding = createModel("Embedding", stage);
    const answering = createModel("Answering", stage);
    const bus = createBus(stage);
    const queues = createQueues();
    const deadLetters = createDeadLetters();
    const originVerify = createOriginVerify(stage, recovered);
    keepCopies(stage, { database, storage, secrets, originVerify });
    const parts = {
      stage,
      network,
      database,
      secrets,
      users,
      cache,
      searchResults: createSearchResults(stage),
      storage,
      bus,
      queues,
      deadLetters,
      deadLettersLink: linkDeadLetters(queues, deadLetters),
      ocr,
      embedding,
      answering,
      originVerify,
    };
    const { functions, migration } = await createFunctions(parts);
    subscribeConsumers(queues, functions, stage);
    createRules({ stage, functions, bus, storage, deadLetters });
    createSchedules(functions, stage);
    const api = createApi({ stage, aliases: createAliases(functions, stage) });
    const edge = createEdge({ stage, api, storage, originVerify });
    if (edge) await createConsole(storage);
    const tasks = await createTasks(parts, migration);
    const alarms = createAlarms(stage);
    createBackup(stage, database, alarms);
    const requests = observe({
      stage,
      alarms,
      api,
      hasFirewall: edge !== undefined,
      database,
      functions,
      queues,
      deadLetters,
      tasks,
    });
    const release = createRelease({ functions, alarms, requests });
    createRotation({ database, functions, alarms });
    return {
      apiUrl: $interpolate`${edge?.url ?? api.url}/api`,
      migrate: functions.migrate.name,
      bootstrap: functions.bootstrap.name,
      alarms: alarms.topic.arn,
      // The principal of the trust policies of tenants' roles (docs/event-bridge.md).
      eventBridgeSender: functions["deliver-webhook"].nodes.role.arn,
      ...(stage.fixedEgress ? { egressAddresses: network.egressAddresses } : {}),
      ...(release ? { release } : {}),
    };
  },
});
