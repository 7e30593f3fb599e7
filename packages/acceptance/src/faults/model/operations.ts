import fc from "fast-check";
import { addDocument, addVersion, moveDocument, remove, repeat, restore } from "./document-operations.ts";
import { at, demand, isDone, numbered, type Operation, type Real } from "./operation.ts";
import { type Behaviour, behaviours } from "./receivers.ts";
import { type Key, type Model, may, possiblyFoundBy, sees, words } from "./state.ts";

type Command = fc.AsyncCommand<Model, Real>;

type Access = { roles: ("user" | "readonly")[]; keys: number[]; groups: number[] };
const requested = (model: Model, { roles, keys, groups }: Access) => {
  const apiKeyIds = [...new Set(keys.map((n) => at(model.keys, n)!.id))];
  const groupIds = [...new Set(groups.flatMap((n) => at(model.groups, n)?.id ?? []))];
  const access = {
    ...(roles.length > 0 ? { roles } : {}),
    ...(apiKeyIds.length > 0 ? { apiKeyIds } : {}),
    ...(groupIds.length > 0 ? { groupIds } : {}),
  };
  return { access, readers: [...roles, ...apiKeyIds, ...groupIds] };
};

const addCollection = (wanted: Access): Operation => ({
  name: `adds a collection for ${JSON.stringify(wanted)}`,
  async run(model, { owner }) {
    const { access, readers } = requested(model, wanted);
    const made = await owner("POST", "/collections", { name: `collection ${numbered(model)}`, access });
    demand(isDone(made), "the collection was not created", made);
    model.collections.push({ id: made.body.collection.id, readers });
    model.events.push(`collection.created ${made.body.collection.id}`);
  },
});

const changeAccess = (which: number, wanted: Access): Operation => ({
  name: `changes the readers of collection ${which} to ${JSON.stringify(wanted)}`,
  async run(model, { owner }) {
    const collection = at(model.collections, which);
    if (!collection) return;
    const { access, readers } = requested(model, wanted);
    const changed = await owner("PATCH", `/collections/${collection.id}`, { access });
    demand(isDone(changed), "the access list was not changed", changed);
    collection.readers = readers;
  },
});

const addGroup = (members: number[]): Operation => ({
  name: `adds a group of keys ${members}`,
  async run(model, { owner }) {
    const made = await owner("POST", "/groups", { name: `group ${numbered(model)}` });
    demand(isDone(made), "the group was not created", made);
    const { id } = made.body.group;
    model.events.push(`group.created ${id}`);
    model.groups.push({ id, members: new Set() });
    const apiKeyIds = [...new Set(members.map((n) => at(model.keys, n)!.id))];
    if (apiKeyIds.length === 0) return;
    const added = await owner("POST", `/groups/${id}/members`, { apiKeyIds });
    demand(isDone(added), "the members were not added", added);
    model.groups.at(-1)!.members = new Set(apiKeyIds);
  },
});

const changeMember = (which: number, member: number): Operation => ({
  name: `puts key ${member} into group ${which}, or takes it out`,
  async run(model, { owner }) {
    const group = at(model.groups, which);
    if (!group) return;
    const { id } = at(model.keys, member)!;
    const isMember = group.members.has(id);
    const changed = isMember
      ? await owner("DELETE", `/groups/${group.id}/members/${id}`)
      : await owner("POST", `/groups/${group.id}/members`, { apiKeyIds: [id] });
    demand(isDone(changed), "the members were not changed", changed);
    if (isMember) group.members.delete(id);
    else group.members.add(id);
  },
});

const removeGroup = (which: number): Operation => ({
  name: `deletes group ${which}`,
  async run(model, { owner }) {
    const group = at(model.groups, which);
    if (!group) return;
    const deleted = await owner("DELETE", `/groups/${group.id}`);
    demand(isDone(deleted), "the group was not deleted", deleted);
    model.groups = model.groups.filter((one) => one !== group);
    model.events.push(`group.deleted ${group.id}`);
    for (const collection of model.collections) {
      if (!collection.readers.includes(group.id)) continue;
      const others = collection.readers.filter((reader) => reader !== group.id);
      // Administrators only, never everybody.
      collection.readers = others.length > 0 ? others : ["tenant_admin"];
    }
  },
});

export const addKey = (role: Key["role"], scopes: readonly string[] | null): Operation => ({
  name: `adds a key of ${role} for ${scopes}`,
  async run(model, { owner, callerOf }) {
    const made = await owner("POST", "/api-keys", { name: role, role, ...(scopes ? { scopes } : {}) });
    demand(isDone(made), "the key was not created", made);
    const { id } = made.body.apiKey;
    model.keys.push({ id, call: callerOf(made.body.secret), role, scopes, isRevoked: false });
    model.events.push(`apikey.created ${id}`);
  },
});

const revokeKey = (which: number): Operation => ({
  name: `revokes key ${which}`,
  async run(model, { owner }) {
    // The administrator's own key stays.
    const key = at(model.keys.slice(1), which);
    if (!key || key.isRevoked) return;
    const revoked = await owner("DELETE", `/api-keys/${key.id}`);
    demand(isDone(revoked), "the key was not revoked", revoked);
    key.isRevoked = true;
    model.events.push(`apikey.revoked ${key.id}`);
  },
});

const addWebhook = (behaviour: Behaviour, types: readonly string[] | null): Operation => ({
  name: `adds a webhook that ${behaviour} for ${types}`,
  async run(model, { owner, receivers }) {
    const receiver = receivers.add(behaviour);
    const made = await owner("POST", "/webhooks", { url: receiver.url, ...(types ? { eventTypes: types } : {}) });
    demand(isDone(made), "the webhook was not created", made);
    receiver.secret = made.body.secret;
    const { data } = (await owner("GET", "/events?limit=100")).body;
    const since = Math.max(0, ...data.map(({ sequence }: { sequence: number }) => sequence));
    model.webhooks.push({ id: made.body.webhook.id, receiver, types, since });
  },
});

const search = (by: number, word: string, mode: "hybrid" | "keyword"): Operation => ({
  name: `key ${by} searches ${word} by ${mode}`,
  async run(model) {
    const key = at(model.keys, by)!;
    const found = await key.call("POST", "/search", { query: word, mode, limit: 100 });
    if (key.isRevoked) return demand(found.status === 401, "a revoked key searched", found);
    if (!may(key, "search:query")) return demand(found.status === 403, "a key without the scope searched", found);
    demand(found.status === 200, "the search failed", found);
    const allowed = new Set(
      mode === "keyword"
        ? possiblyFoundBy(model, key, word)
        : words.flatMap((any) => [...possiblyFoundBy(model, key, any)]),
    );
    for (const { document } of found.body.data)
      demand(allowed.has(document.id), `key ${by} found ${document.id}, which it must not see`);
  },
});

const read = (by: number, which: number): Operation => ({
  name: `key ${by} reads document ${which}`,
  async run(model) {
    const [key, document] = [at(model.keys, by)!, at(model.documents, which)];
    if (!document) return;
    const { status } = await key.call("GET", `/documents/${document.id}`);
    const expected = sees(model, key, document.collection) ? 200 : 404;
    const refused = key.isRevoked ? 401 : 403;
    const wanted = key.isRevoked || !may(key, "document:read") ? refused : expected;
    demand(status === wanted, `key ${by} got ${status} instead of ${wanted} for ${document.id}`);
  },
});

const number = fc.nat({ max: 11 });
const word = fc.constantFrom(...words);
const into = fc.option(number, { freq: 2 });
const access = fc.record({
  roles: fc.uniqueArray(fc.constantFrom("user" as const, "readonly" as const), { maxLength: 2 }),
  keys: fc.array(number, { maxLength: 2 }),
  groups: fc.array(number, { maxLength: 2 }),
});
const scopes = fc.option(
  fc.constantFrom(["search:query"], ["document:read"], ["document:read", "search:query", "collection:read"]),
);
const types = fc.option(fc.constantFrom(["document.ready"], ["document.created", "document.deleted"]));

const operations: [weight: number, fc.Arbitrary<Operation>][] = [
  [
    6,
    fc
      .tuple(number, word, fc.constantFrom("text" as const, "upload" as const, "url" as const), into)
      .map((all) => addDocument(...all)),
  ],
  [4, fc.tuple(number, number, word).map((all) => addVersion(...all))],
  [2, fc.tuple(number, number).map((all) => remove(...all))],
  [2, fc.tuple(number, number).map((all) => restore(...all))],
  [3, fc.tuple(number, into).map((all) => moveDocument(...all))],
  [3, access.map(addCollection)],
  [2, fc.tuple(number, access).map((all) => changeAccess(...all))],
  [
    3,
    fc
      .tuple(fc.constantFrom("tenant_admin" as const, "user" as const, "readonly" as const), scopes)
      .map((all) => addKey(...all)),
  ],
  [2, fc.array(number, { maxLength: 3 }).map(addGroup)],
  [2, fc.tuple(number, number).map((all) => changeMember(...all))],
  [1, number.map(removeGroup)],
  [1, number.map(revokeKey)],
  [2, fc.tuple(fc.constantFrom(...behaviours), types).map((all) => addWebhook(...all))],
  [4, fc.tuple(number, word, fc.constantFrom("hybrid" as const, "keyword" as const)).map((all) => search(...all))],
  [3, fc.tuple(number, number).map((all) => read(...all))],
  [2, fc.tuple(number, number, word).map((all) => repeat(...all))],
];

const commandOf = ({ name, run }: Operation): Command => ({ check: () => true, run, toString: () => name });

/** One arbitrary for each operation, as often as its weight. */
export const commands: fc.Arbitrary<Command>[] = operations.flatMap(([weight, operation]) =>
  Array.from({ length: weight }, () => operation.map(commandOf)),
);
