export { LeaseLost } from "../platform/database/lease.ts";
export * from "./collection.events.ts";
export {
  accessListOf,
  Collection,
  CollectionChanges,
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
  NewCollection,
  updateCollection,
} from "./collection.ts";
export * from "./contents.ts";
export { countDocuments } from "./counts.ts";
export * from "./create.ts";
export { DocumentTask, fillAll, ProcessMessage } from "./dispatch.ts";
export * from "./document.events.ts";
export { count, Document, DocumentChanges, DocumentFilter, get, list, ownerOf, update } from "./document.ts";
export * from "./failures.ts";
export { FetchMessage, FetchResult, fetchToStorage } from "./fetch.ts";
export * from "./index/corpus.ts";
export * from "./index/embedding.ts";
export { exactFormOf, spellingsOf, textFormsOf } from "./index/fold.ts";
export { removeLeftovers } from "./index/hidden.ts";
export { isolateTenant } from "./index/isolate.ts";
export type { Maker } from "./index/maker.ts";
export { type Mark, readMarks } from "./index/marks.ts";
export * from "./index/remake.ts";
export * from "./index/vector-index.ts";
export { dashedIn, isPair, wordSpansOf, wordsOf } from "./index/words.ts";
export * from "./lifecycle.ts";
export { removeLooseObjects } from "./loose-objects.ts";
export {
  type NewDocument,
  NewText,
  NewTextVersion,
  NewUpload,
  NewUploadVersion,
  NewUrl,
  NewUrlVersion,
  type NewVersion,
} from "./new-document.ts";
export { parseObjectKey } from "./object-key.ts";
export * from "./presence.ts";
export * from "./process.ts";
export * from "./purge.ts";
export { stages, states, statuses, transitions } from "./states.ts";
export { checkUploads, sweepDocuments } from "./sweep.ts";
export { hiddenFrom, hiddenOf } from "./visibility.ts";
export * from "./warnings.ts";
