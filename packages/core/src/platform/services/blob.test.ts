import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { blobs } from "./blob.ts";

/** Requests of a purge to a storage that responds as S3's documentation shows. packages/local tests purges against its double. */
const folder = "t/ten_1/doc_1/";
const version = (id: string) => `<Version><Key>${folder}1</Key><VersionId>${id}</VersionId></Version>`;
const marker = `<DeleteMarker><Key>${folder}1</Key><VersionId>marker</VersionId></DeleteMarker>`;
const next = `<IsTruncated>true</IsTruncated><NextKeyMarker>${folder}1</NextKeyMarker><NextVersionIdMarker>b</NextVersionIdMarker>`;

test("M10 a purge deletes page by page, in the bucket and then in its replica, and fails when S3 keeps a version", async () => {
  let refusal = "";
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://s3");
    const region = /\/(\w+-\w+-\d)\/s3\//.exec(request.headers.authorization ?? "")?.[1];
    let body = "";
    for await (const part of request) body += part;
    const ids = [...body.matchAll(/<VersionId>(\w+)</g)].map(([, id]) => id);
    const after = url.searchParams.get("version-id-marker") ?? "the start";
    const what = url.searchParams.has("delete") ? `delete ${ids}` : `list after ${after}`;
    requests.push(`${region} ${url.pathname.replaceAll("/", "")} ${what}`);
    const page = after === "b" ? version("c") : `${version("a")}${marker}${version("b")}${next}`;
    response.end(
      url.searchParams.has("delete")
        ? `<DeleteResult>${refusal}</DeleteResult>`
        : `<ListVersionsResult>${page}</ListVersionsResult>`,
    );
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    Documents: {
      name: "documents",
      region: "us-east-1",
      replica: { name: "replica", region: "us-west-2" },
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessKeyId: "a",
      secretAccessKey: "b",
    },
  });
  await blobs.purge(folder);
  expect(requests).toEqual(
    ["us-east-1 documents", "us-west-2 replica"].flatMap((bucket) => [
      `${bucket} list after the start`,
      `${bucket} delete a,b,marker`,
      `${bucket} list after b`,
      `${bucket} delete c`,
    ]),
  );

  refusal = `<Error><Key>${folder}1</Key><VersionId>a</VersionId><Code>AccessDenied</Code><Message>Locked</Message></Error>`;
  await expect(blobs.purge(folder)).rejects.toThrow("1 versions in documents were not deleted: AccessDenied");
  server.close();
});
