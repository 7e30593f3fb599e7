// Survivors share one copy of the sources: all tests that run their blocks take minutes then, not hours. When a test fails, halves of
// the survivors tell which of them it notices, and that one is taken out.
import { blocksOfMutation, failuresOf, isReachedBy, outcomeOf, runOf } from "./mutant-runs.mjs";
import { inLanes } from "./mutants.mjs";

/** Mutations of which no two change the same text, in as few groups as it takes; those of conditions on the tenant apart. */
export const groupsOf = (mutations) => {
  const groups = [];
  for (const one of mutations) {
    const isFree = (other) => other.file !== one.file || other.end <= one.start || one.end <= other.start;
    const fits = (group) => (group[0].kind === "tenant") === (one.kind === "tenant") && group.every(isFree);
    const group = groups.find(fits);
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
};

/**
 * Of these mutations, one that makes a test fail by itself: the last one of the shortest failing prefix, or when that one needs
 * another, the same of the others. Undefined when there is none, as when the test fails by chance.
 * @param failureWith runs the test with some of the mutations and resolves with its failure
 */
export const culpritOf = async (mutations, failureWith) => {
  let [passing, failing] = [0, mutations.length];
  while (failing - passing > 1) {
    const middle = Math.ceil((passing + failing) / 2);
    if (await failureWith(mutations.slice(0, middle))) failing = middle;
    else passing = middle;
  }
  const culprit = mutations[failing - 1];
  if (!culprit) return;
  const failure = await failureWith([culprit]);
  if (failure) return { culprit, failure };
  const others = mutations.filter((one) => one !== culprit);
  if (await failureWith(others)) return culpritOf(others, failureWith);
};

/**
 * Runs every test that runs a block of these mutations.
 * @param copies one for each lane @param found called with each mutation that a test notices, and its outcome
 * @param hasPassed whether the tests of a file have not noticed a mutation before @param onPassed called with those of which that is known now
 * @returns those that none notices
 */
export const testTogether = async (mutations, { blocks, files }, { copies, env, found, hasPassed, onPassed }) => {
  const reached = new Map(mutations.map((one) => [one, blocksOfMutation(one, blocks)]));
  const left = new Set(mutations);
  for (const group of groupsOf(mutations))
    await inLanes(files, async (recorded, lane) => {
      const failuresWith = async (some, run, options) => {
        copies[lane].put(some, group[0].kind === "tenant");
        return failuresOf(run, copies[lane].directory, env, options);
      };
      const active = () => group.filter((one) => left.has(one) && !hasPassed(recorded.file, one));
      if (active().length === 0) return;
      const wanted = active().flatMap((one) => reached.get(one));
      const all = active().some((one) => reached.get(one).length === 0);
      const runs = [runOf(recorded, all ? [] : wanted)].filter(Boolean);
      while (runs.length > 0) {
        const run = runs.pop();
        const failures = await failuresWith(active(), run, { bail: false });
        if (failures.length === 0) continue;
        const named = failures.flatMap(({ name }) => name ?? []);
        const name = named[0] ?? run.names[0];
        const failureIn = (part) => async (some) =>
          (await failuresWith(some, part, { bail: false })).find((failure) => (failure.name ?? name) === name);
        // A test that needs those before it does not pass alone.
        let failureWith = failureIn(runOf(recorded, [], [name]));
        let isSound = !(await failureWith([]));
        if (!isSound) {
          failureWith = failureIn(run);
          isSound = !(await failureWith([]));
        }
        const suspects = active().filter((one) => isReachedBy(reached.get(one), recorded, name));
        const result = isSound ? await culpritOf(suspects, failureWith) : undefined;
        if (result) {
          // The other lane may have found it meanwhile.
          if (left.delete(result.culprit)) found(result.culprit, outcomeOf(recorded.file, { name, ...result.failure }));
          runs.push(named.length > 0 ? runOf(recorded, [], named) : run);
          continue;
        }
        console.log(`${recorded.file} "${name}": ${isSound ? "no single mutant" : "fails without a mutant"}`);
        const rest = (named.length > 0 ? named : run.names).filter((other) => other !== name);
        // When the file did not run, nothing is known of its other tests.
        const middle = named.length > 0 ? rest.length : Math.ceil(rest.length / 2);
        for (const names of [rest.slice(0, middle), rest.slice(middle)])
          if (names.length > 0) runs.push(runOf(recorded, [], names));
      }
      onPassed(recorded.file, active());
    });
  return [...left];
};
