import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../../platform/context.ts";

/** PostgreSQL 15's text search configurations by ISO 639-1 code. Any other language is read without a stemmer. */
const configurations: Record<string, string> = {
  ar: "arabic",
  hy: "armenian",
  eu: "basque",
  ca: "catalan",
  da: "danish",
  nl: "dutch",
  en: "english",
  fi: "finnish",
  fr: "french",
  de: "german",
  el: "greek",
  hi: "hindi",
  hu: "hungarian",
  id: "indonesian",
  ga: "irish",
  it: "italian",
  lt: "lithuanian",
  ne: "nepali",
  no: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sr: "serbian",
  es: "spanish",
  sv: "swedish",
  ta: "tamil",
  tr: "turkish",
  yi: "yiddish",
};
/** Takes words as they are. */
const unstemmed = "simple";

/** Enough to know a language by. */
const sampleChars = 4_000;

/** The text search configuration that a document is read by. What cannot be told is taken for English. */
export const languageOf = async (text: string): Promise<string> => {
  // Its tables are 1.6 MB, which only a worker needs.
  const { eld } = await import("eld/small");
  const found = eld.detect(text.slice(0, sampleChars));
  if (!found.language || !found.isReliable()) return "english";
  return configurations[found.language] ?? unstemmed;
};

/** In a transaction of its own: documents that are written side by side do not wait for each other. */
export const addLanguage = (ctx: Ctx, language: string): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db.execute(sql`
      insert into app.corpora (tenant_id, language) values (${ctx.tenantId}, ${language}) on conflict do nothing`),
  );
