export type Pascal<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${Pascal<Tail>}`
  : Capitalize<S>;

/** `document-processing` → `DocumentProcessing`: from a name of the topology to the name of an SST component or link. */
export const pascal = <S extends string>(name: S): Pascal<S> =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    // The type describes these same steps.
    .join("") as Pascal<S>;
