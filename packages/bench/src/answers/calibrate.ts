import type { Models } from "@resolve/core/search/answers/support";
import { languages, supportFeatureNames } from "@resolve/core/search/answers/support";

/** An answer by models that have not seen its question: the logit of its support, undefined without any sentence. */
export type Judged = { setting: string; language: string; isRight: boolean; logit: number | undefined };

/** The limits of docs/answers.md: of given answers, and of questions without one, in the own tenant and in another one. */
export const limits = { rightMin: 0.92, wrongMax: 0.1, otherMax: 0.03 };
/** Each percent to spare costs a tenth of the answers in German. */
const wrongMax = limits.wrongMax - 0.006;
const [step, offsetMin, offsetMax] = [0.02, -0.6, 3];

/** By language: the smallest number to subtract from the logits, so that answers with a support of 0.5 keep the limits. Below 0, it adds. */
export const offsetsOf = (judged: readonly Judged[]): ReadonlyMap<string, number> =>
  new Map(
    [...Map.groupBy(judged, ({ language }) => language)].map(([language, own]) => {
      let offset = offsetMin;
      while (offset < offsetMax && !keepsLimits(own, offset)) offset += step;
      return [language, offset];
    }),
  );

const keepsLimits = (judged: readonly Judged[], offset: number): boolean =>
  [...Map.groupBy(judged, ({ setting }) => setting)].every(([setting, asked]) => {
    const given = asked.filter(({ logit }) => logit !== undefined && logit >= offset);
    if (setting !== "own") return given.length <= wrongMax * asked.length;
    return given.filter(({ isRight }) => isRight).length >= limits.rightMin * given.length;
  });

/** The models with stricter support by language. The bias, which is for every other language, gets that of the strictest. */
export const calibrated = ({ rank, support }: Models, offsets: ReadonlyMap<string, number>): Models => {
  const at = (name: (typeof supportFeatureNames)[number]) => supportFeatureNames.indexOf(name);
  const own = new Map(languages.map((name) => [at(name), support[at(name)]! - (offsets.get(name) ?? offsetMax)]));
  const strictest = Math.min(...own.values());
  return {
    rank,
    support: support.map((value, index) => {
      if (index === at("bias")) return value + strictest;
      const coefficient = own.get(index);
      return coefficient === undefined ? value : coefficient - strictest;
    }),
  };
};
