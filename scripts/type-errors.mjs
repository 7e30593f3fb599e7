// Whether the compiler notices a change of one file: within that file, and without counting what the change has left unused.
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const unused = new Set([6133, 6138, 6192, 6196, 6198, 6199]);

let service;
const changed = new Map();
let version = 0;

const start = () => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => true,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (file) => (changed.has(file) ? `${version}` : "0"),
    getScriptSnapshot: (file) => {
      const text = changed.get(file) ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCurrentDirectory: () => root,
  });
};

/** The first error of the compiler in the file when it has this text. */
export const typeErrorIn = (file, text) => {
  service ??= start();
  const path = join(root, file);
  version += 1;
  changed.clear();
  changed.set(path, text);
  const all = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
  const error = all.find(({ code }) => !unused.has(code));
  return error && `TS${error.code}: ${ts.flattenDiagnosticMessageText(error.messageText, " ").slice(0, 200)}`;
};
