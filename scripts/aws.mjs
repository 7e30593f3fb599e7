// Signed calls to AWS's HTTP APIs, for scripts that make a few calls to many services.
import { execFileSync } from "node:child_process";
import { AwsClient } from "aws4fetch";

/** Credentials from the environment, or from the AWS CLI, which also has profiles and single sign-on. */
const credentials = () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN };
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(exportedCredentials());
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

/** @throws Error that says what to do. */
const exportedCredentials = () => {
  try {
    const args = ["configure", "export-credentials", "--format", "process"];
    return execFileSync("aws", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(
      `No credentials for AWS. Set AWS_PROFILE, or sign in with \`aws sso login\`. This needs version 2 of the AWS CLI, whose answer was:\n${error.stderr || error.message}`,
    );
  }
};

/** An error response of AWS; `code` is its name, such as `AccessDeniedException`. */
export class AwsError extends Error {
  constructor(status, code, text) {
    super(`${code} (${status}): ${text.slice(0, 300)}`);
    this.code = code;
  }
}

const errorCode = (response, text) =>
  (response.headers.get("x-amzn-errortype") ?? /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? errorType(text))
    .split(":")[0]
    .split("#")
    .at(-1);

const errorType = (text) => {
  try {
    return JSON.parse(text).__type ?? "Unknown";
  } catch {
    return "Unknown";
  }
};

/**
 * `query`, `json` and `rest` speak AWS's three protocols. AWS_ENDPOINT_URL replaces the host, as in AWS's own SDKs.
 * Calls that fail with 429 or 5xx are repeated.
 */
export const connect = () => {
  const client = new AwsClient({ ...credentials(), retries: 4, initRetryMs: 100 });
  const send = async (url, service, region, init) => {
    const target = new URL(url);
    const endpoint = process.env.AWS_ENDPOINT_URL;
    const response = await client.fetch(endpoint ? new URL(target.pathname + target.search, endpoint) : target, {
      ...init,
      aws: { service, region },
    });
    const text = await response.text();
    if (!response.ok) throw new AwsError(response.status, errorCode(response, text), text);
    return text;
  };
  return {
    /** EC2, IAM and STS: a form, and XML. */
    query: (host, service, region, version, action, parameters = {}) =>
      send(`https://${host}/`, service, region, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ Action: action, Version: version, ...parameters }).toString(),
      }),
    /** JSON 1.1 with the operation in a header. */
    json: async (host, service, region, target, input) =>
      JSON.parse(
        await send(`https://${host}/`, service, region, {
          method: "POST",
          headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
          body: JSON.stringify(input),
        }),
      ),
    /** GET; the text is JSON or XML. */
    rest: (url, service, region) => send(url, service, region, { method: "GET" }),
  };
};

/** Contents of all elements with this name. AWS writes no attributes and no CDATA in these answers. */
export const elements = (xml, name) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) => text);
