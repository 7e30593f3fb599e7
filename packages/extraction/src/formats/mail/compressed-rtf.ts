import { decompressRTF } from "@kenjiuno/decompressrtf";

/** The RTF of a message body, which Outlook compresses (MS-OXRTFCP). @throws Error for damaged bytes */
export const rtfOf = (compressed: Uint8Array): Uint8Array => Uint8Array.from(decompressRTF(Array.from(compressed)));
