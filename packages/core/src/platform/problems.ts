/**
 * All problems of the API: code → HTTP status, title, and what the caller can do.
 * The code is the last part of the problem's `type` URI and the name of its page in `docs/problems/`.
 */
export const problemTypes = {
  "invalid-request": { status: 400, title: "The request is not valid", hint: "Correct the fields named in `errors`." },
  "invalid-json": { status: 400, title: "The body is not JSON", hint: "Send one JSON object, encoded as UTF-8." },
  "tenant-required": {
    status: 400,
    title: "The request names no tenant",
    hint: "Send `X-Resolve-Tenant` with the tenant's id.",
  },
  "reason-required": {
    status: 400,
    title: "Acting inside a tenant needs a reason",
    hint: "Send `X-Resolve-Reason` with 8 to 200 characters; it is audited.",
  },
  unauthenticated: {
    status: 401,
    title: "No valid credential",
    hint: "Send `Authorization: Bearer` with an API key that exists, is not revoked and has not expired, or with the access token of a person who has signed in.",
  },
  "usage-limit-reached": {
    status: 402,
    title: "The plan has no more of this for this month",
    hint: "Wait until `resetsAt`, or ask the platform operator for another plan or a higher limit. `GET /v1/tenant/usage` has the amounts.",
  },
  forbidden: {
    status: 403,
    title: "The credential lacks the permission",
    hint: "Use a credential whose role grants the permission named in `permission`.",
  },
  "invitation-for-another": {
    status: 403,
    title: "The invitation is for another person",
    hint: "Sign in with the address that received the invitation.",
  },
  "mfa-required": {
    status: 403,
    title: "Administrators need a second factor",
    hint: "Set up an authenticator app for your account, for example with `resolve login EMAIL --second-factor`, and repeat the request. You need not sign in again.",
  },
  "edge-required": {
    status: 403,
    title: "The API is not called at this address",
    hint: "Call the address of the deployment's console, with `/api` behind it.",
  },
  "address-not-allowed": {
    status: 403,
    title: "The key may not be used from this address",
    hint: "Send the request from one of the key's `addresses`, or change them with another key.",
  },
  "tenant-suspended": {
    status: 403,
    title: "The tenant is suspended",
    hint: "`reason` is what the platform operator says. Ask the operator to resume the tenant; then everything continues where it was. `GET /v1/tenant` works meanwhile, and so does sign-in.",
  },
  "not-found": { status: 404, title: "Nothing is there", hint: "Check the id and the tenant of the credential." },
  "invitation-invalid": {
    status: 404,
    title: "No invitation to your address has this id, and none this token",
    hint: "See `GET /v1/users/me/invitations`, or use the token of the newest mail: sending an invitation again makes its former token invalid.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The path does not take this method",
    hint: "Use one of the methods in `allow` and in the header `Allow`.",
  },
  "tenant-exists": {
    status: 409,
    title: "A tenant with other content has this name",
    hint: "Send the content the tenant was created with, or another `externalId` or `slug`.",
  },
  "tenant-conflict": {
    status: 409,
    title: "The tenant's state does not allow this",
    hint: "See `state` and `allowed`.",
  },
  "document-exists": {
    status: 409,
    title: "A document has this externalId",
    hint: "Use another `externalId`, or upload a new version of the existing document.",
  },
  "document-conflict": {
    status: 409,
    title: "The document's state does not allow this",
    hint: "See `state` and `allowed`.",
  },
  "quota-exceeded": {
    status: 409,
    title: "The tenant's storage quota is exceeded",
    hint: "Delete documents that are no longer needed, or ask for more storage.",
  },
  "limit-reached": {
    status: 409,
    title: "The tenant has as many of these as it may have",
    hint: "Remove one that is no longer needed, or ask the platform operator for a higher limit.",
  },
  "member-exists": {
    status: 409,
    title: "The address belongs to a member",
    hint: "Change the member's role or status instead; `userId` names the member.",
  },
  "invitation-exists": {
    status: 409,
    title: "The address has been invited",
    hint: "Send the invitation named in `invitationId` again, or withdraw it first.",
  },
  "invitation-conflict": {
    status: 409,
    title: "The invitation's state does not allow this",
    hint: "Invite the person again.",
  },
  "invitation-used": {
    status: 409,
    title: "The invitation was accepted before",
    hint: "Ask for a new invitation if you are no longer a member.",
  },
  "user-conflict": {
    status: 409,
    title: "The member's state does not allow this",
    hint: "See `state`; a removed person can be invited again.",
  },
  "last-administrator": {
    status: 409,
    title: "The tenant would have no administrator",
    hint: "Give another active member the administrator's role first.",
  },
  "upload-missing": { status: 409, title: "The bytes have not arrived", hint: "PUT the file to `upload.url` first." },
  "apikey-conflict": {
    status: 409,
    title: "The key's state does not allow this",
    hint: "Create another key: one that is revoked or expired cannot be changed.",
  },
  "collection-exists": {
    status: 409,
    title: "A collection has this name",
    hint: "Use another name, or the collection that is there.",
  },
  "collection-not-empty": {
    status: 409,
    title: "The collection holds documents",
    hint: "Move or delete its documents first; `documents` is their number.",
  },
  "collection-deleted": {
    status: 409,
    title: "The document's collection was deleted",
    hint: "Set the document's `collectionId` to another collection, or to null for everybody of the tenant, and restore it again.",
  },
  "group-exists": {
    status: 409,
    title: "A group has this name",
    hint: "Use another name, or the group that is there.",
  },
  "onboarding-conflict": {
    status: 409,
    title: "The run's state does not allow this",
    hint: "Only a failed run can be retried, or with another `seedQuestion` or `seedAnswer` one that waits for an answer.",
  },
  "webhook-conflict": {
    status: 409,
    title: "The webhook's state does not allow this",
    hint: "See `state` and `allowed`.",
  },
  "delivery-conflict": {
    status: 409,
    title: "The delivery's state does not allow this",
    hint: "Enable its webhook, or wait until the attempt that is under way has ended.",
  },
  "job-conflict": {
    status: 409,
    title: "The job's state does not allow this",
    hint: "See `state` and `allowed`; `jobId` names an unfinished job of the same type.",
  },
  "idempotency-in-progress": {
    status: 409,
    title: "The first request with this key is still running",
    hint: "Wait `Retry-After` seconds, then send the same request again.",
  },
  "idempotency-result-lost": {
    status: 409,
    title: "The first request with this key succeeded, but its response was lost",
    hint: "Read what `subject` names; the request with another key would do it again. A secret that was in the response cannot be shown again: revoke that API key and create another, or rotate the webhook's secret.",
  },
  "event-cursor-conflict": {
    status: 409,
    title: "The cursor is further than this",
    hint: "Another consumer has committed `sequence`. Read from there, or set the cursor back with PUT.",
  },
  "invitation-withdrawn": {
    status: 410,
    title: "The invitation was withdrawn",
    hint: "Ask the person who invited you for a new one.",
  },
  "invitation-expired": {
    status: 410,
    title: "The invitation has expired",
    hint: "Ask the person who invited you to send it again.",
  },
  "events-expired": {
    status: 410,
    title: "These events are no longer in the log",
    hint: "Read your objects anew, then continue the log after `after`, which is just before the oldest event that is left.",
  },
  "role-in-use": {
    status: 409,
    title: "The role belongs to another endpoint",
    hint: "Create a role of its own for each endpoint with an event bus, and name its ARN.",
  },
  "precondition-failed": {
    status: 412,
    title: "The resource has changed",
    hint: "Read it again and repeat with its current `ETag`.",
  },
  "request-too-large": {
    status: 413,
    title: "The body is too large",
    hint: "See `limitBytes`. Files go to a presigned upload, not through the API.",
  },
  "document-too-large": { status: 413, title: "The document is too large", hint: "One upload takes at most 2 GiB." },
  "unsupported-media-type": {
    status: 415,
    title: "The body's content type is not JSON",
    hint: "Send `Content-Type: application/json`.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "This key belongs to another request",
    hint: "Use a new `Idempotency-Key` for another body.",
  },
  "url-not-allowed": {
    status: 422,
    title: "The address may not be called",
    hint: "Use a public https address on port 443 or 8443.",
  },
  "rate-limited": { status: 429, title: "Too many requests", hint: "Wait `Retry-After` seconds." },
  internal: {
    status: 500,
    title: "Something went wrong on our side",
    hint: "Repeat the request; if it stays, tell us its `requestId`.",
  },
  unavailable: {
    status: 503,
    title: "A part of the service is not available",
    hint: "Repeat the request after `Retry-After` seconds.",
  },
} as const satisfies Record<string, { status: number; title: string; hint: string }>;

export type ProblemCode = keyof typeof problemTypes;

/** An invalid part of a request: its position (JSON pointer or header) and the reason. */
export type Fault = { path: string; message: string };

/** A path as a JSON pointer (RFC 6901). */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/**
 * An expected refusal. The API converts it to an RFC 9457 response; any other error is a bug and becomes `internal`.
 * `extensions` are members for programs; they must not contain secrets.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly extensions: Record<string, unknown>;

  constructor(code: ProblemCode, detail?: string, extensions: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(detail ?? problemTypes[code].title, options);
    this.code = code;
    this.extensions = extensions;
  }

  get status(): number {
    return problemTypes[this.code].status;
  }
}

/** 403 for a missing permission, with the blueprint's `error` in addition to the problem's members. */
export const forbidden = (
  permission: string | undefined,
  detail?: string,
  more: Record<string, unknown> = {},
): Problem => new Problem("forbidden", detail, { error: "Insufficient permissions", permission, ...more });
