/** Generated from the event catalogue by scripts/generate.ts. */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        "apikey.created": {
            name: string;
            role: string;
        };
        "apikey.revoked": Record<string, never>;
        "apikey.rotated": {
            previousUntil: string;
        };
        "apikey.updated": {
            name: string;
        };
        "collection.created": {
            name: string;
        };
        "collection.deleted": Record<string, never>;
        "collection.updated": {
            name: string;
        };
        "document.created": {
            name: string;
            sizeBytes: number;
        };
        "document.deleted": {
            purgeAt: string;
        };
        "document.failed": {
            version: number;
            code: string;
            retryable: boolean;
        };
        "document.purged": {
            versions: number;
        };
        "document.ready": {
            version: number;
            chunks: number;
            pages: number | null;
            warnings: {
                code: string;
                count: number;
            }[];
        };
        "document.replaced": {
            version: number;
            sizeBytes: number;
        };
        "document.restored": {
            status: string;
        };
        "document.stored": {
            version: number;
        };
        "group.created": {
            name: string;
        };
        "group.deleted": Record<string, never>;
        "group.members_added": {
            members: string[];
        };
        "group.members_removed": {
            members: string[];
        };
        "group.updated": {
            name: string;
        };
        "job.cancelled": {
            jobType: string;
        };
        "job.completed": {
            jobType: string;
            done: number;
        };
        "job.created": {
            jobType: string;
        };
        "job.failed": {
            jobType: string;
            code: string;
            retryable: boolean;
        };
        "member.invited": {
            role: string;
        };
        "member.joined": {
            role: string;
            invitationId: string;
        };
        "member.removed": {
            apiKeysRevoked: number;
        };
        "member.resumed": Record<string, never>;
        "member.role_changed": {
            role: string;
            formerRole: string;
        };
        "member.suspended": Record<string, never>;
        "onboarding.completed": {
            durationMs: number;
            withinTarget: boolean;
        };
        "onboarding.failed": {
            step: string;
            message: string;
        };
        "tenant.activated": Record<string, never>;
        "tenant.created": {
            name: string;
            slug: string;
            plan: string;
        };
        "tenant.resumed": Record<string, never>;
        "tenant.suspended": {
            reason: string;
        };
        "tenant.updated": {
            name: string;
            plan: string;
        };
        "usage.threshold": {
            meter: string;
            month: string;
            percent: 80 | 100;
            used: number;
            limit: number;
            resetsAt: string;
        };
        "webhook.disabled": {
            reason: string;
        };
        "webhook.enabled": Record<string, never>;
        "webhook.failing": {
            percent: number;
            failures: number;
            /** Format: date-time */
            failingSince: string;
            /** Format: date-time */
            disablesAt: string;
        };
        "webhook.test": Record<string, never>;
        "webhook.verified": Record<string, never>;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

/** `data` of each type of event. */
export type EventData = components["schemas"];
