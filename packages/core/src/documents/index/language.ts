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
/** The configuration without a stemmer. */
const unstemmed = "simple";

/** The detector reads this many characters. */
const sampleChars = 4_000;

/** The text search configuration for a document's language; English when the language is not certain. */
export const languageOf = async (text: string): Promise<string> => {
  // Imported at the first call: the tables are 1.6 MB, and only workers detect languages.
  const { eld } = await import("eld/small");
  const found = eld.detect(text.slice(0, sampleChars));
  if (!found.language || !found.isReliable()) return "english";
  return configurations[found.language] ?? unstemmed;
};

/** Commits by itself, so that concurrent writes of documents do not wait for each other's row lock. */
export const addLanguage = (ctx: Ctx, language: string): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db.execute(sql`
      insert into app.corpora (tenant_id, language) values (${ctx.tenantId}, ${language}) on conflict do nothing`),
  );
