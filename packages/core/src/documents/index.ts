export * from "./collection.events.ts";
export {
  Collection,
  CollectionChanges,
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
  NewCollection,
  updateCollection,
} from "./collection.ts";
export * from "./corpus.ts";
export * from "./create.ts";
export { DocumentTask, ProcessMessage } from "./dispatch.ts";
export * from "./document.events.ts";
export {
  ChunkView,
  Document,
  DocumentChanges,
  DocumentFilter,
  DocumentVersion,
  downloadUrl,
  get,
  getText,
  list,
  listChunks,
  listVersions,
  ownerOf,
  update,
} from "./document.ts";
export * from "./embedding.ts";
export * from "./failures.ts";
export { FetchMessage, FetchResult, fetchToStorage } from "./fetch.ts";
export { LeaseHeld, LeaseLost } from "./lease.ts";
export * from "./lifecycle.ts";
export type { Budget } from "./make-index.ts";
export { parseObjectKey } from "./object-key.ts";
export * from "./process.ts";
export * from "./purge.ts";
export * from "./reindex.ts";
export { stages, states, statuses, transitions } from "./states.ts";
export * from "./sweep.ts";
export * from "./vector-index.ts";
export { hiddenOf } from "./visibility.ts";
export { wordsOf } from "./words.ts";
