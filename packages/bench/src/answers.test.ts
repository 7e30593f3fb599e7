import { defaultAnswering } from "@resolve/core/identity";
import { models } from "@resolve/core/search/answers/decide";
import { supportOf } from "@resolve/core/search/answers/support";
import { expect, test } from "vitest";
import { limits } from "./answers/calibrate.ts";
import { paragraphCases, type Setting } from "./answers/cases.ts";
import { attempt, measureCase } from "./answers/fit.ts";
import { startLibrary } from "./answers/library.ts";
import { collectionOf } from "./relevance.ts";

/** One question in three of one language; `npm run eval -- answers` measures all. */
const [set, every] = ["xquad/en", 3];
const { supportMin } = defaultAnswering;
const answeredMin = 0.6;

// Skipped on the embedded database, which takes minutes for hundreds of questions.
test.skipIf(!process.env["TEST_DATABASE_URL"])(
  "answers keep the limits of docs/answers.md",
  async (context) => {
    if (!collectionOf(set)) context.skip("the relevance sets are not available");
    const library = await startLibrary();
    try {
      const results = (await paragraphCases(library, set, every)).map((one) => {
        const { features, isRight } = attempt(measureCase(one), models);
        return { ...one, isRight, isGiven: features !== undefined && supportOf(models, features) >= supportMin };
      });
      const given = (setting: Setting) => results.filter((one) => one.setting === setting && one.isGiven);
      const asked = results.length / 4;
      const right = given("own").filter(({ isRight }) => isRight);
      expect(given("own").length / asked).toBeGreaterThanOrEqual(answeredMin);
      expect(right.length / given("own").length).toBeGreaterThanOrEqual(limits.rightMin);
      expect(given("other").length / asked).toBeLessThanOrEqual(limits.otherMax);
      for (const setting of ["paragraph", "sentence"] as const)
        expect(given(setting).length / asked, setting).toBeLessThanOrEqual(limits.wrongMax);
    } finally {
      await library.close();
    }
  },
  180_000,
);
