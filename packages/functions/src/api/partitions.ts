import { z } from "@hono/zod-openapi";
import * as partitions from "@resolve/core/platform/database/partitions";
import { newRouter, secured } from "./app.ts";
import { json } from "./responses.ts";

const list = secured({
  method: "get",
  path: "/v1/platform/partitions",
  operationId: "listPartitions",
  summary: "The monthly partitions of the database, oldest first, with their sizes",
  access: { permission: "partition:read", scope: "platform" },
  responses: {
    200: json("All of them", z.object({ data: z.array(partitions.Partition.meta({ id: "Partition" })) })),
  },
});

export const partitionsRouter = newRouter().openapi(list, async (c) =>
  c.json({ data: await partitions.listPartitions(c.var.ctx) }, 200),
);
