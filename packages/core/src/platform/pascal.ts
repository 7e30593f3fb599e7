export type Pascal<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${Pascal<Tail>}`
  : Capitalize<S>;

/** `document-processing` → `DocumentProcessing`: names of the topology as SST components and links are named. */
export const pascal = <S extends string>(name: S): Pascal<S> =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    // The type describes these same steps.
    .join("") as Pascal<S>;
