import { rotate, rotationSteps } from "@resolve/core/platform/database/login-rotation";
import { z } from "zod";
import { databaseUsers } from "../topology.ts";

/** The event with which Secrets Manager invokes a rotation function, once for each step. */
const Input = z.object({ SecretId: z.string(), ClientRequestToken: z.string(), Step: z.enum(rotationSteps) });

export const handler = async (event: unknown): Promise<void> => {
  const { SecretId: secretArn, ClientRequestToken: versionId, Step: step } = Input.parse(event);
  await rotate(databaseUsers, { secretArn, versionId, step });
};
