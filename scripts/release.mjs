// `npm run release -- .sst/outputs.json`: shifts the API's requests to the versions of the last deployment, a tenth of them
// first, and waits. CodeDeploy rolls back when an alarm of `stacks/release.ts` fires; then the command fails.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What CodeDeploy shall do: a deployment for each function with a new version, because its specification describes the move
 * of one alias (CodeDeploy guide, "AppSpec 'resources' section").
 */
export const deploymentsOf = ({ alias, versions }, currentVersionOf) =>
  versions
    .map((one) => ({ ...one, current: currentVersionOf(one.name) }))
    .filter(({ version, current }) => version !== current)
    .map(({ name, version, group, current }) => ({
      group,
      spec: {
        // A string, because the number would become `0` in JSON.
        version: "0.0",
        Resources: [
          {
            [name]: {
              Type: "AWS::Lambda::Function",
              Properties: { Name: name, Alias: alias, CurrentVersion: current, TargetVersion: version },
            },
          },
        ],
      },
    }));

const aws = (...args) => JSON.parse(execFileSync("aws", [...args, "--output", "json"], { encoding: "utf8" }) || "{}");

const versionOf = (alias) => (name) =>
  aws("lambda", "get-alias", "--function-name", name, "--name", alias).FunctionVersion;

if (import.meta.main) {
  const { release } = JSON.parse(readFileSync(process.argv[2] ?? ".sst/outputs.json", "utf8"));
  // Both functions shift at the same time.
  const started = deploymentsOf(release, versionOf(release.alias)).map(({ group, spec }) => {
    const appSpecContent = { content: JSON.stringify(spec) };
    const { deploymentId } = aws(
      "deploy",
      "create-deployment",
      ...["--application-name", release.application, "--deployment-group-name", group],
      ...["--revision", JSON.stringify({ revisionType: "AppSpecContent", appSpecContent })],
    );
    console.log(`deployment ${deploymentId}: ${group}`);
    return deploymentId;
  });
  for (const id of started) aws("deploy", "wait", "deployment-successful", "--deployment-id", id);
  console.log(started.length === 0 ? "The versions of this deployment are live already." : "live");
}
