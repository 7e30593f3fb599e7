// `npm run release -- .sst/outputs.json`: shifts the API's requests to the versions of the last deployment, a tenth of them
// first, and waits. CodeDeploy rolls back when an alarm of `stacks/release.ts` fires; then the command fails.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The input of CodeDeploy: for each function with a new version, the current and the new version. */
export const appSpec = (release, currentVersionOf) => ({
  // A string, because the number would become `0` in JSON.
  version: "0.0",
  Resources: release.versions
    .map(({ name, version }) => ({ name, version, current: currentVersionOf(name) }))
    .filter(({ version, current }) => version !== current)
    .map(({ name, version, current }) => ({
      [name]: {
        Type: "AWS::Lambda::Function",
        Properties: { Name: name, Alias: release.alias, CurrentVersion: current, TargetVersion: version },
      },
    })),
});

const aws = (...args) => JSON.parse(execFileSync("aws", [...args, "--output", "json"], { encoding: "utf8" }) || "{}");

const versionOf = (alias) => (name) =>
  aws("lambda", "get-alias", "--function-name", name, "--name", alias).FunctionVersion;

if (import.meta.main) {
  const { release } = JSON.parse(readFileSync(process.argv[2] ?? ".sst/outputs.json", "utf8"));
  const spec = appSpec(release, versionOf(release.alias));
  if (spec.Resources.length === 0) {
    console.log("The versions of this deployment are live already.");
  } else {
    const content = JSON.stringify(spec);
    const { deploymentId } = aws(
      "deploy",
      "create-deployment",
      ...["--application-name", release.application, "--deployment-group-name", release.group],
      ...["--revision", JSON.stringify({ revisionType: "AppSpecContent", appSpecContent: { content } })],
    );
    console.log(`deployment ${deploymentId}: ${spec.Resources.flatMap(Object.keys).join(", ")}`);
    aws("deploy", "wait", "deployment-successful", "--deployment-id", deploymentId);
    console.log("live");
  }
}
