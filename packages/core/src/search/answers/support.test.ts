import { expect, test } from "vitest";
import { models } from "./decide.ts";
import { featureNames } from "./features.ts";
import { supportFeatureNames } from "./support.ts";

test("the models have a coefficient for each feature", () => {
  expect([models.rank.length, models.support.length]).toEqual([featureNames.length, supportFeatureNames.length]);
});
