import { CFB } from "@e965/xlsx";

/** True when a compound file ([MS-CFB]) has an Excel workbook as its main stream: other files may have one inside. */
export const isWorkbookContainer = (bytes: Uint8Array): boolean => {
  try {
    const { FullPaths } = CFB.read(bytes, { type: "buffer" }) as { FullPaths: string[] };
    return FullPaths.some((path) => /^[^/]*\/(workbook|book)$/i.test(path));
  } catch {
    return false;
  }
};
