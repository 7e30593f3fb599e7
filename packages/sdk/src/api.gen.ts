/** Generated from the OpenAPI document by scripts/generate.ts. */
export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can the API process requests? Without the cache the status is `degraded` */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where people sign in: the pool of Cognito that issues their access tokens */
        get: operations["signIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All tenants, newest first */
        get: operations["listTenants"];
        put?: never;
        /** Create a tenant and start its onboarding run; the API key is valid at once, and secrets are returned once */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/onboarding/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run with its steps; with `waitSeconds` the response waits until the run has settled */
        get: operations["getOnboarding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/onboarding/{runId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on from the failed step, also with another `seedQuestion` or `seedAnswer`, with which a waiting run asks again too; an operator gets a new first key if no response has shown its secret */
        post: operations["retryOnboarding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenant/onboarding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest run of the caller's tenant */
        get: operations["getTenantOnboarding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenantId}/onboarding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest run of a tenant, without names, quotes and ids of its documents */
        get: operations["findOnboarding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One tenant from outside: counts, the usage of the month, and how its work gets on
         * @description The `ETag` is of the tenant itself, without the numbers, and is the same as after a `PATCH`.
         */
        get: operations["findTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the name or the plan of a tenant, also of a suspended one */
        patch: operations["changeTenant"];
        trace?: never;
    };
    "/api/v1/tenants/{tenantId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a tenant: its requests are refused with the reason, and its work waits until it is resumed
         * @description Takes effect within 30 seconds in every process. A repetition changes nothing; another reason replaces the former one.
         */
        post: operations["suspendTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenantId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the suspension of a tenant: what waited continues; a repetition changes nothing */
        post: operations["resumeTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenantId}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much the tenant may have and use: the figures of its plan, and the operator's exceptions */
        get: operations["getLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Make exceptions from the plan of a tenant, or end them with null; what it has beyond a lower limit stays */
        patch: operations["setLimits"];
        trace?: never;
    };
    "/api/v1/tenant/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much the caller's tenant may have and use: the figures of its plan, and the operator's exceptions */
        get: operations["getOwnLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's tenant; a suspended one too, with the reason */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the name of the tenant, how its files are read, or how much support its answers need (`answering`); the plan is changed by the platform operator only */
        patch: operations["updateTenant"];
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API keys of the tenant, newest first */
        get: operations["listApiKeys"];
        put?: never;
        /** Create an API key; the secret is shown once */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key at once */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        /** Rename an API key, take permissions away, or change from where it may be used */
        patch: operations["updateApiKey"];
        trace?: never;
    };
    "/api/v1/api-keys/{apiKeyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an API key a new secret, which is shown once; the former one stays valid for `overlapSeconds` */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open invitations of the address of your account, in all tenants; needs no membership */
        get: operations["listMyInvitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The person of the access token, with all memberships; needs no tenant */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change how the tenant of the request names you */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/api/v1/users/me/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all sessions: the access tokens of earlier sign-ins are refused within 30 seconds */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations of the tenant, newest first */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Invite a person by e-mail; the invitation is valid for seven days
         * @description The mail has a token for `POST /v1/invitations/accept`. The role must not have permissions that the caller lacks.
         */
        post: operations["createInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One invitation */
        get: operations["getInvitation"];
        put?: never;
        post?: never;
        /** Withdraw an invitation that nobody has accepted; its token is void */
        delete: operations["withdrawInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a member of the tenant that has invited you, by the invitation's id or the token of the mail
         * @description Needs your access token, and the invited address must be the one of your account. A repetition by the same person returns the membership. Send the token in the body only.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{invitationId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an invitation again, also an expired one, with a new token; the former token is void */
        post: operations["resendInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members of the tenant; removed ones only with `status=removed` */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One member */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Remove a member; documents stay, and the API keys that the member created are revoked
         * @description `apiKeys=keep` leaves the keys: rotate them, because the person has seen their secrets. Memberships of other tenants stay as they are.
         */
        delete: operations["removeUser"];
        options?: never;
        head?: never;
        /**
         * Change a member's role or name, suspend the member (`status: suspended`) or resume the membership
         * @description Takes effect within 30 seconds in every process. Nobody gives a role with permissions that the caller lacks, and one active administrator stays. `If-Match` refuses a change of another state.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The roles, and what each permission of them allows */
        get: operations["listRoles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/authz/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether the caller, a user or an API key may do something, and what decides it
         * @description Everybody may ask about itself. Questions about a user need `user:read`, and about an API key `apikey:read`, for all of them. An object that the caller may not see responds as a missing one.
         */
        post: operations["explainPermission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups, newest first; with `memberId` those of a user or of an API key */
        get: operations["listGroups"];
        put?: never;
        /** Create a group of users and API keys, which access lists of collections can name */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One group */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        /** Delete a group; access lists no longer name it, and one that named nobody else allows only administrators */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Change the name; `If-Match` refuses a change of another state */
        patch: operations["updateGroup"];
        trace?: never;
    };
    "/api/v1/groups/{groupId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The users and API keys of a group */
        get: operations["listGroupMembers"];
        put?: never;
        /** Add users and API keys; their next request has what the group may see */
        post: operations["addGroupMembers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{groupId}/members/{memberId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a user or an API key out of a group; its next request is without what the group may see */
        delete: operations["removeGroupMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Collections that the caller may see, newest first */
        get: operations["listCollections"];
        put?: never;
        /**
         * Create a collection; its `access` names who may see it and its documents
         * @description `access` names roles, API keys, users and groups. For any other caller the responses are those of a collection and documents that do not exist. Without `access` everybody of the tenant sees them; the tenant's administrators always do.
         */
        post: operations["createCollection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collectionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One collection */
        get: operations["getCollection"];
        put?: never;
        post?: never;
        /** Delete a collection without documents */
        delete: operations["deleteCollection"];
        options?: never;
        head?: never;
        /** Change the name, or replace `access`; `If-Match` refuses a change of another state */
        patch: operations["updateCollection"];
        trace?: never;
    };
    "/api/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List documents, newest first */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Create a document from an upload, a text or an address
         * @description With `sizeBytes`, the response has a presigned `upload`: send the bytes in one PUT with exactly its headers. Storage accepts them once, and responds 412 to a second PUT. With `text` or `url`, processing starts at once. An `externalId` that a document has gives that document a new version, or responds 200 when its bytes are the same. A `collectionId` puts it into a collection that the caller sees.
         */
        post: operations["createDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel, retry, delete or restore up to 100 documents; each answers for itself */
        post: operations["bulkDocuments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many documents the list has on all its pages */
        get: operations["countDocuments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One document; `waitSeconds` returns as soon as it is ready or failed */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        /**
         * Take a document out of lists and search at once; it is purged at `purgeAt`
         * @description Until `purgeAt` it can be restored. The purge deletes its texts, chunks, embeddings and every stored version of its originals. Backups of the database keep them for up to 90 days more; the event log and the audit log keep the name.
         */
        delete: operations["deleteDocument"];
        options?: never;
        head?: never;
        /** Change name, metadata, externalId, collection, or how it is read; `If-Match` refuses when somebody else was faster */
        patch: operations["updateDocument"];
        trace?: never;
    };
    "/api/v1/documents/{documentId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a document's versions, newest first */
        get: operations["listDocumentVersions"];
        put?: never;
        /** Give a document new bytes; search serves the old ones until the new ones are ready */
        post: operations["createDocumentVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that the bytes have been sent, instead of waiting for the bucket's event */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Process a failed document again */
        post: operations["retryDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop what is under way; the document fails with code `cancelled` */
        post: operations["cancelDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a deleted document back before it is purged */
        post: operations["restoreDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The exact text that chunk offsets refer to, in UTF-16 units */
        get: operations["getDocumentText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Chunks of the live version, in the order of the text */
        get: operations["listChunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redirect to the original as an attachment, valid for 60 seconds; by default of the newest version */
        get: operations["downloadDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search the tenant's documents; every hit cites its document, page and exact text */
        post: operations["search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a question from the tenant's documents, with verbatim quotes, or abstain when they do not support an answer */
        post: operations["answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, newest first */
        get: operations["listJobs"];
        put?: never;
        /**
         * Start long-running work: another embedding model, reading all originals again, or a new vector index
         * @description `reembed` computes the vectors of another model beside the existing ones, and then search uses them; search works all the time. `reindex` reads the originals of all live versions again. `index` rebuilds the tenant's HNSW index; the first index is built automatically when exact search would be slower. A tenant has at most one unfinished job of each type.
         */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job with its progress, rate and remaining time; with `waitSeconds` the response waits until it is neither queued nor running */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a job; its checkpoint is kept */
        post: operations["pauseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Continue a paused or failed job from its checkpoint */
        post: operations["resumeJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job; its incomplete results are removed */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's audit log: who did what to which object, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tenant's events in order, after a sequence; with `waitSeconds` the response waits for the first one */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-cursors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The positions of the tenant's consumers in the event log, by name */
        get: operations["listEventCursors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-cursors/{cursorName}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The position of one consumer in the event log */
        get: operations["getEventCursor"];
        /** Create an event cursor, or set it forward or back */
        put: operations["setEventCursor"];
        post?: never;
        /** Remove an event cursor */
        delete: operations["deleteEventCursor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-cursors/{cursorName}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Every event up to this sequence has been handled; the cursor is created when it is missing, and never moves back */
        post: operations["commitEventCursor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every type of event, with the JSON Schema of its data and a sample */
        get: operations["listEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One type of event */
        get: operations["getEventType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Endpoints, newest first */
        get: operations["listWebhooks"];
        put?: never;
        /** Register an address or an event bus of your own; the signing secret (Standard Webhooks) is shown once */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One endpoint */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Remove an endpoint and its deliveries */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change the address, the event types (null: all), the filter, the limits or all headers; `If-Match` refuses when somebody else was faster */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send to a disabled endpoint again, also the deliveries that were held */
        post: operations["enableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop sending; new deliveries are held until the endpoint is enabled. Up to 20 that are in the queue are still sent */
        post: operations["disableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the signing secret; for `overlapSeconds`, up to seven days, each request has two signatures, of the new and of the former secret */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a signed `webhook.test` event to this endpoint */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries to an endpoint, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Success and latency of the last 24 hours, the backlog, and whether the endpoint is failing */
        get: operations["getWebhookMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the events of a time again that the endpoint has not received, also those while it was disabled; a job with progress */
        post: operations["recoverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a range of the event log to the endpoint, also events that it has received; a job with progress */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the next attempt now, also after the last one; `webhook-id` stays the same */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{deliveryId}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Attempts of a delivery, first to last: status, cause, latency, and the first kilobyte of the response */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/parked-work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Work of all tenants that failed so often that it waits for an operator */
        get: operations["listParkedWork"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/parked-work/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have parked work tried again; ids that are not parked are ignored */
        post: operations["releaseParkedWork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The dead-letter queues of queues and rules, with their numbers of messages */
        get: operations["listDeadLetterQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/dead-letters/{queueName}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that failed too often, oldest first, without their texts. Only the first thousand can be listed */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/dead-letters/{queueName}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have messages processed again; a message whose work is done already changes nothing */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/dead-letters/{queueName}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete messages; the sweep still repeats work that its rows are waiting for */
        post: operations["purgeDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/partitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The monthly partitions of the database, oldest first, with their sizes */
        get: operations["listPartitions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys that verify signed proofs, as a JWK set (RFC 7517) */
        get: operations["listProofKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign the SHA-256 hashes of files, so that anybody can verify which system signed them and when */
        post: operations["createProof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenant/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller's tenant has used in a month, beside its limits; with `day` also by hour */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each tenant has used in a month, newest tenant first */
        get: operations["listUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each tenant has cost in a month or on a day, in USD by service, newest tenant first; with `day` also by hour */
        get: operations["listCosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of the system now: its parts and why they fail, what waits, and the requests of the last hour by minute */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/slo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The objectives of this month with what is left of their error budgets, and requests by hour; of all tenants or of one */
        get: operations["getSlo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        SignIn: {
            userPoolId: string;
            clientId: string;
            region: string;
            /**
             * Format: uri
             * @description The address of Cognito's API (`InitiateAuth`)
             */
            endpoint: string;
        };
        Tenant: {
            id: string;
            name: string;
            slug: string;
            externalId: string | null;
            /** @enum {string} */
            plan: "free" | "team" | "enterprise";
            region: string;
            reading: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            answering: {
                /** @description An answer with less support is not given; a lower value answers more questions, also wrongly */
                supportMin: number;
            };
            /** @enum {string} */
            status: "onboarding" | "active" | "suspended" | "offboarding" | "deleted";
            suspension: {
                reason: string;
                /** Format: date-time */
                since: string;
            } | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        OnboardingRun: {
            id: string;
            tenantId: string;
            /** @enum {string} */
            status: "running" | "waiting" | "completed" | "failed" | "cancelled";
            steps: {
                /** @enum {string} */
                name: "tenant.reserve" | "tenant.isolate" | "identity.admin" | "access.api_key" | "quota.apply" | "isolation.probe" | "tenant.activate" | "webhook.register" | "webhook.ping" | "documents.seed" | "documents.ready" | "search.first_answer";
                /** @enum {string} */
                kind: "automatic" | "customer" | "check";
                /** @enum {string} */
                status: "pending" | "running" | "waiting" | "completed" | "failed" | "skipped";
                attempts: number;
                /** Format: date-time */
                startedAt: string | null;
                /** Format: date-time */
                finishedAt: string | null;
                durationMs: number | null;
                error: {
                    message: string;
                } | null;
                result: {
                    [key: string]: unknown;
                } | null;
            }[];
            durationMs: number;
            targetMs: number;
            withinTarget: boolean;
            /** Format: date-time */
            createdAt: string;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @enum {string} */
            code: "invalid-request" | "invalid-json" | "tenant-required" | "reason-required" | "unauthenticated" | "usage-limit-reached" | "forbidden" | "invitation-for-another" | "mfa-required" | "edge-required" | "address-not-allowed" | "tenant-suspended" | "not-found" | "invitation-invalid" | "method-not-allowed" | "tenant-exists" | "tenant-conflict" | "document-exists" | "document-conflict" | "quota-exceeded" | "limit-reached" | "member-exists" | "invitation-exists" | "invitation-conflict" | "invitation-used" | "user-conflict" | "last-administrator" | "upload-missing" | "apikey-conflict" | "collection-exists" | "collection-not-empty" | "collection-deleted" | "group-exists" | "onboarding-conflict" | "webhook-conflict" | "delivery-conflict" | "job-conflict" | "idempotency-in-progress" | "idempotency-result-lost" | "event-cursor-conflict" | "invitation-withdrawn" | "invitation-expired" | "events-expired" | "role-in-use" | "precondition-failed" | "request-too-large" | "document-too-large" | "unsupported-media-type" | "idempotency-key-reused" | "url-not-allowed" | "rate-limited" | "internal" | "unavailable";
            detail: string;
            hint: string;
            instance: string;
            requestId: string;
            errors?: {
                path: string;
                message: string;
            }[];
            /** @description Of `forbidden`: the permission that is missing */
            permission?: string;
        };
        NewTenant: {
            name: string;
            slug?: string;
            externalId?: string;
            /** @enum {string} */
            plan?: "free" | "team" | "enterprise";
            region?: string;
            admin: {
                /** Format: email */
                email: string;
                name?: string;
            };
            /** @description Other people to invite; `POST /v1/invitations` invites more */
            members?: {
                /** Format: email */
                email: string;
                /**
                 * @default user
                 * @enum {string}
                 */
                role?: "tenant_admin" | "user" | "readonly";
                name?: string;
            }[];
            webhook?: {
                url: string;
                eventTypes?: ("apikey.created" | "apikey.revoked" | "apikey.rotated" | "apikey.updated" | "collection.created" | "collection.deleted" | "collection.updated" | "document.created" | "document.deleted" | "document.failed" | "document.purged" | "document.ready" | "document.replaced" | "document.restored" | "document.stored" | "group.created" | "group.deleted" | "group.members_added" | "group.members_removed" | "group.updated" | "job.cancelled" | "job.completed" | "job.created" | "job.failed" | "member.invited" | "member.joined" | "member.removed" | "member.resumed" | "member.role_changed" | "member.suspended" | "onboarding.completed" | "onboarding.failed" | "tenant.activated" | "tenant.created" | "tenant.resumed" | "tenant.suspended" | "tenant.updated" | "usage.threshold" | "webhook.disabled" | "webhook.enabled" | "webhook.failing")[];
            };
            /** @description Texts, and addresses to fetch; files are uploaded to the new tenant afterwards */
            documents?: ({
                name: string;
                metadata?: {
                    [key: string]: unknown;
                };
                externalId?: string;
                collectionId?: string;
                reading?: {
                    /** @enum {string} */
                    hiddenText: "leave-out" | "index";
                };
                text: string;
            } | {
                name?: string;
                metadata?: {
                    [key: string]: unknown;
                };
                externalId?: string;
                collectionId?: string;
                reading?: {
                    /** @enum {string} */
                    hiddenText: "leave-out" | "index";
                };
                url: string;
            })[];
            /** @description The first question, which the step `search.first_answer` asks. The run fails when `documents` do not answer it. Without one, the words of a sentence are asked, which only shows that the index works */
            seedQuestion?: string;
            /** @description A text that the quotes of the first answer must contain, compared as text; upper and lower case, and kinds of white space, are equal */
            seedAnswer?: string;
            answering?: {
                /** @description An answer with less support is not given; a lower value answers more questions, also wrongly */
                supportMin: number;
            };
        };
        RunRetry: {
            /** @description The first question, which the step `search.first_answer` asks. The run fails when `documents` do not answer it. Without one, the words of a sentence are asked, which only shows that the index works */
            seedQuestion?: string;
            /** @description A text that the quotes of the first answer must contain, compared as text; upper and lower case, and kinds of white space, are equal; null removes it */
            seedAnswer?: string | null;
        };
        TenantOverview: {
            id: string;
            name: string;
            slug: string;
            externalId: string | null;
            /** @enum {string} */
            plan: "free" | "team" | "enterprise";
            region: string;
            reading: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            answering: {
                /** @description An answer with less support is not given; a lower value answers more questions, also wrongly */
                supportMin: number;
            };
            /** @enum {string} */
            status: "onboarding" | "active" | "suspended" | "offboarding" | "deleted";
            suspension: {
                reason: string;
                /** Format: date-time */
                since: string;
            } | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            counts: {
                documents: {
                    awaiting_upload?: number;
                    queued?: number;
                    processing?: number;
                    ready?: number;
                    failed?: number;
                    deleting?: number;
                };
                members: number;
                suspendedMembers: number;
                invitations: number;
                apiKeys: number;
                enabledWebhooks: number;
                disabledWebhooks: number;
            };
            usage: {
                month: string;
                /** Format: date-time */
                resetsAt: string;
                meters: {
                    /** @enum {string} */
                    meter: "requests" | "searches" | "answers" | "documents" | "bytes" | "pages" | "chunks" | "deliveries" | "modelAnswers" | "ocrPages" | "embeddingTokens";
                    used: number;
                    limit: number | null;
                }[];
            };
            storage: {
                usedBytes: number;
                limitBytes: number;
            };
            health: {
                unfinishedDocuments: number;
                /** Format: date-time */
                oldestUnfinishedAt: string | null;
                unfinishedJobs: number;
                unfinishedDeliveries: number;
                failingWebhooks: {
                    id: string;
                    failures: number;
                    /** Format: date-time */
                    failingSince: string | null;
                }[];
                unsentMessages: number;
                parkedWork: number;
                onboarding: {
                    id: string;
                    /** @enum {string} */
                    status: "running" | "waiting" | "completed" | "failed" | "cancelled";
                    durationMs: number;
                    /** Format: date-time */
                    createdAt: string;
                    failedStep: string | null;
                } | null;
            };
        };
        TenantChanges: {
            name?: string;
            /** @enum {string} */
            plan?: "free" | "team" | "enterprise";
        };
        Suspension: {
            reason: string;
        };
        Limits: {
            requestsPerSecond: number;
            requestBurst: number;
            callerRequestsPerSecond: number;
            webhooks: number;
            apiKeys: number;
            collections: number;
            groups: number;
            jobs: number;
            invitations: number;
            storageBytes: number;
            documentsPerMonth: number;
            pagesPerMonth: number;
            searchesPerMonth: number;
            answersPerMonth: number;
            modelAnswersPerMonth: number;
            ocrPagesPerMonth: number;
            embeddingTokensPerMonth: number;
        };
        LimitChanges: {
            requestsPerSecond?: number | null;
            requestBurst?: number | null;
            callerRequestsPerSecond?: number | null;
            webhooks?: number | null;
            apiKeys?: number | null;
            collections?: number | null;
            groups?: number | null;
            jobs?: number | null;
            invitations?: number | null;
            storageBytes?: number | null;
            documentsPerMonth?: number | null;
            pagesPerMonth?: number | null;
            searchesPerMonth?: number | null;
            answersPerMonth?: number | null;
            modelAnswersPerMonth?: number | null;
            ocrPagesPerMonth?: number | null;
            embeddingTokensPerMonth?: number | null;
        };
        TenantPatch: {
            name?: string;
            /** @enum {string} */
            plan?: "free" | "team" | "enterprise";
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            answering?: {
                /** @description An answer with less support is not given; a lower value answers more questions, also wrongly */
                supportMin: number;
            };
        };
        ApiKey: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            scopes: string[] | null;
            /** Format: date-time */
            expiresAt: string | null;
            /** Format: date-time */
            revokedAt: string | null;
            /** Format: date-time */
            lastUsedAt: string | null;
            /** Format: date-time */
            previousUntil: string | null;
            addresses: string[] | null;
            collections: string[] | null;
            /** Format: date-time */
            createdAt: string;
        };
        NewApiKey: {
            name: string;
            /**
             * @default user
             * @enum {string}
             */
            role?: "tenant_admin" | "user" | "readonly";
            scopes?: ("tenant:read" | "tenant:write" | "tenant:create" | "tenant:list" | "user:read" | "user:write" | "invitation:read" | "invitation:write" | "document:read" | "document:write" | "apikey:read" | "apikey:write" | "webhook:read" | "webhook:write" | "event:read" | "event:write" | "job:read" | "audit:read" | "usage:read" | "job:write" | "collection:read" | "collection:write" | "group:read" | "group:write" | "search:query" | "onboarding:read" | "onboarding:write" | "proof:create" | "work:release" | "partition:read")[];
            /** Format: date-time */
            expiresAt?: string;
            addresses?: string[];
            collections?: string[];
        };
        ApiKeyChanges: {
            name?: string;
            scopes?: ("tenant:read" | "tenant:write" | "tenant:create" | "tenant:list" | "user:read" | "user:write" | "invitation:read" | "invitation:write" | "document:read" | "document:write" | "apikey:read" | "apikey:write" | "webhook:read" | "webhook:write" | "event:read" | "event:write" | "job:read" | "audit:read" | "usage:read" | "job:write" | "collection:read" | "collection:write" | "group:read" | "group:write" | "search:query" | "onboarding:read" | "onboarding:write" | "proof:create" | "work:release" | "partition:read")[];
            addresses?: string[] | null;
        };
        ApiKeyRotation: {
            /** @default 86400 */
            overlapSeconds?: number;
        };
        MyInvitation: {
            id: string;
            tenantId: string;
            tenantName: string;
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            /** Format: date-time */
            expiresAt: string;
        };
        Me: {
            id: string;
            email: string;
            memberships: {
                tenantId: string;
                tenantName: string;
                tenantStatus: string;
                tenantSuspension: {
                    reason: string;
                    /** Format: date-time */
                    since: string;
                } | null;
                role: string;
                status: string;
                name: string | null;
            }[];
        };
        MyChanges: {
            name: string | null;
        };
        Invitation: {
            id: string;
            email: string;
            name: string | null;
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            /** @enum {string} */
            status: "pending" | "accepted" | "withdrawn" | "expired";
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            sentAt: string | null;
            /**
             * @description Why the mail was not sent. `mail-unavailable` is tried again by itself, the others after a resend only
             * @enum {string|null}
             */
            sendFailure: "address-refused" | "mail-unavailable" | "mail-not-configured" | null;
            /** Format: date-time */
            acceptedAt: string | null;
            userId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewInvitation: {
            /** Format: email */
            email: string;
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            name?: string;
        };
        User: {
            id: string;
            email: string;
            name: string | null;
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            /** @enum {string} */
            status: "active" | "suspended" | "removed";
            /** Format: date-time */
            joinedAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Acceptance: {
            token: string;
        } | {
            invitationId: string;
        };
        UserChanges: {
            /** @enum {string} */
            role?: "admin" | "tenant_admin" | "user" | "readonly";
            /** @enum {string} */
            status?: "active" | "suspended";
            name?: string | null;
        };
        Role: {
            /** @enum {string} */
            role: "admin" | "tenant_admin" | "user" | "readonly";
            purpose: string;
            permissions: {
                /** @enum {string} */
                permission: "tenant:read" | "tenant:write" | "tenant:create" | "tenant:list" | "user:read" | "user:write" | "invitation:read" | "invitation:write" | "document:read" | "document:write" | "apikey:read" | "apikey:write" | "webhook:read" | "webhook:write" | "event:read" | "event:write" | "job:read" | "audit:read" | "usage:read" | "job:write" | "collection:read" | "collection:write" | "group:read" | "group:write" | "search:query" | "onboarding:read" | "onboarding:write" | "proof:create" | "work:release" | "partition:read";
                /** @enum {string} */
                scope: "any" | "own" | "self";
                allows: string;
            }[];
        };
        PermissionExplanation: {
            allowed: boolean;
            /** @enum {string} */
            decidedBy: "credential" | "role" | "scopes" | "owner" | "accessList";
            reason: string;
            /** @enum {string} */
            permission: "tenant:read" | "tenant:write" | "tenant:create" | "tenant:list" | "user:read" | "user:write" | "invitation:read" | "invitation:write" | "document:read" | "document:write" | "apikey:read" | "apikey:write" | "webhook:read" | "webhook:write" | "event:read" | "event:write" | "job:read" | "audit:read" | "usage:read" | "job:write" | "collection:read" | "collection:write" | "group:read" | "group:write" | "search:query" | "onboarding:read" | "onboarding:write" | "proof:create" | "work:release" | "partition:read";
            resourceId: string | null;
            subject: {
                id: string;
                role: string;
                scopes: string[] | null;
            };
            checks: {
                /** @enum {string} */
                check: "credential" | "role" | "scopes" | "owner" | "accessList";
                passed: boolean;
                reason: string;
            }[];
        };
        PermissionQuestion: {
            /** @enum {string} */
            permission: "tenant:read" | "tenant:write" | "tenant:create" | "tenant:list" | "user:read" | "user:write" | "invitation:read" | "invitation:write" | "document:read" | "document:write" | "apikey:read" | "apikey:write" | "webhook:read" | "webhook:write" | "event:read" | "event:write" | "job:read" | "audit:read" | "usage:read" | "job:write" | "collection:read" | "collection:write" | "group:read" | "group:write" | "search:query" | "onboarding:read" | "onboarding:write" | "proof:create" | "work:release" | "partition:read";
            userId?: string;
            apiKeyId?: string;
            resourceId?: string;
        };
        Group: {
            id: string;
            name: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewGroup: {
            name: string;
        };
        GroupChanges: {
            name?: string;
        };
        GroupMember: {
            id: string;
            /** Format: date-time */
            addedAt: string;
        };
        GroupMembers: {
            /** @default [] */
            userIds?: string[];
            /** @default [] */
            apiKeyIds?: string[];
        };
        Collection: {
            id: string;
            name: string;
            access: {
                roles?: ("tenant_admin" | "user" | "readonly")[];
                apiKeyIds?: string[];
                userIds?: string[];
                groupIds?: string[];
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewCollection: {
            name: string;
            /** @default {} */
            access?: {
                roles?: ("tenant_admin" | "user" | "readonly")[];
                apiKeyIds?: string[];
                userIds?: string[];
                groupIds?: string[];
            };
        };
        CollectionChanges: {
            name?: string;
            access?: {
                roles?: ("tenant_admin" | "user" | "readonly")[];
                apiKeyIds?: string[];
                userIds?: string[];
                groupIds?: string[];
            };
        };
        Document: {
            id: string;
            name: string;
            contentType: string | null;
            sizeBytes: number;
            sha256: string | null;
            /** @enum {string} */
            status: "awaiting_upload" | "queued" | "processing" | "ready" | "failed" | "deleting";
            /** @enum {string|null} */
            stage: "extracting" | "chunking" | "embedding" | "indexing" | null;
            stageTimings: {
                extracting?: number;
                chunking?: number;
                embedding?: number;
                indexing?: number;
            };
            failure: {
                code: string;
                message: string;
                hint: string;
                retryable: boolean;
            } | null;
            version: number;
            liveVersion: number | null;
            pages: number | null;
            chunks: number;
            warnings: {
                /** @enum {string} */
                code: "hidden-text-left-out" | "hidden-sheets-left-out" | "hidden-cells-left-out" | "hidden-slides-left-out" | "comments-left-out" | "deleted-text-left-out" | "prompts-left-out" | "readings-left-out" | "pages-without-text" | "pages-undecodable" | "images-unread" | "attachment-unread" | "embedded-object-unread" | "bytes-replaced" | "formula-uncached" | "lines-malformed" | "navigation-left-out";
                message: string;
                hint: string;
                docs: string;
                count: number;
                places: string[];
            }[];
            reading: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            } | null;
            readerVersion: number | null;
            metadata: {
                [key: string]: unknown;
            };
            externalId: string | null;
            duplicateOf: string | null;
            collectionId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            readyAt: string | null;
            /** Format: date-time */
            purgeAt: string | null;
        };
        NewUpload: {
            name: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            /** @default application/octet-stream */
            contentType?: string;
            sizeBytes: number;
            sha256?: string;
        };
        NewTextDocument: {
            name: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            text: string;
        };
        NewUrlDocument: {
            name?: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            url: string;
        };
        NewUploadVersion: {
            name?: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            /** @default application/octet-stream */
            contentType?: string;
            sizeBytes: number;
            sha256?: string;
        };
        NewTextVersion: {
            name?: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            text: string;
        };
        NewUrlVersion: {
            name?: string;
            metadata?: {
                [key: string]: unknown;
            };
            externalId?: string;
            collectionId?: string;
            reading?: {
                /** @enum {string} */
                hiddenText: "leave-out" | "index";
            };
            url: string;
        };
        DocumentVersion: {
            id: string;
            version: number;
            sizeBytes: number;
            sha256: string | null;
            sourceUrl: string | null;
            isLive: boolean;
            readerVersion: number | null;
            pages: {
                from: number;
                to: number;
                hasText: boolean;
                isScan: boolean;
                readByOcr: boolean;
            }[] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            storedAt: string | null;
        };
        Chunk: {
            id: string;
            ordinal: number;
            text: string;
            page: number | null;
            context: string | null;
            sheet: string | null;
            cells: string | null;
            headings: string[];
            charStart: number;
            charEnd: number;
            tokens: number;
        };
        SearchResult: {
            data: {
                score: number;
                scores: {
                    keyword?: number;
                    vector?: number;
                };
                document: {
                    id: string;
                    name: string;
                    metadata: {
                        [key: string]: unknown;
                    };
                };
                alsoIn?: {
                    id: string;
                    name: string;
                }[];
                chunk: {
                    id: string;
                    text: string;
                    page: number | null;
                    context: string | null;
                    sheet: string | null;
                    cells: string | null;
                    headings: string[];
                    charStart: number;
                    charEnd: number;
                };
                highlights: [
                    number,
                    number
                ][];
                ranks?: {
                    keyword?: number;
                    vector?: number;
                };
            }[];
            degraded?: {
                /** @enum {string} */
                reason: "embedder-unavailable";
            };
            relaxed?: "phrase"[];
            timingsMs: {
                embed: number;
                query: number;
            };
            plan?: {
                /** @enum {string} */
                vectors: "none" | "exact" | "hnsw" | "hnsw-then-exact";
                model: string | null;
                recall: number | null;
                candidates: {
                    keyword: number;
                    vector: number;
                };
                terms: {
                    lexeme: string;
                    language: string;
                    chunks: number;
                    idf: number;
                    isForm: boolean;
                    isBeginning: boolean;
                    isCommon: boolean;
                }[];
            };
        };
        SearchQuery: {
            query: string;
            /**
             * @default hybrid
             * @enum {string}
             */
            mode?: "hybrid" | "keyword" | "vector";
            /** @default 8 */
            limit?: number;
            filter?: {
                [key: string]: unknown;
            };
            collectionIds?: string[];
            maxChunksPerDocument?: number;
            /** @enum {string} */
            groupBy?: "document";
            /** @default 0 */
            recencyBias?: number;
            /** @default 0 */
            minScore?: number;
            /** @default false */
            prefix?: boolean;
            /** @default false */
            exact?: boolean;
            /** @default false */
            explain?: boolean;
        };
        Answer: {
            /** @description Null when the documents do not support an answer */
            answer: string | null;
            /** @description How well the quotes fit what the question asks for, from 0 to 1, for comparing answers; also of an answer that is not given */
            support: number;
            /** @description The support that an answer needs, a setting of the tenant */
            supportMin: number;
            citations: {
                documentId: string;
                documentName: string;
                /**
                 * Format: date-time
                 * @description When this version of the document was created
                 */
                versionCreatedAt: string;
                chunkId: string;
                /** @description The headings above the quote, outermost first */
                headings: string[];
                page: number | null;
                /** @description Of a spreadsheet */
                sheet: string | null;
                /** @description The cells of the chunk on the sheet, as `A2:F21` */
                cells: string | null;
                /** @description Where the quote begins in the document's text, in UTF-16 units */
                charStart: number;
                charEnd: number;
                /** @description Word for word from the document's text */
                quote: string;
                /** @description How far this quote supports the answer, from 0 to 1; 0 when a rule excludes it */
                support: number;
                /** @description Words of the question that the quote contains */
                words: string[];
                /** @description Other words of the question: in the sentences beside the quote, the question above it, its headings or the document's name */
                wordsAround: string[];
                /** @description Words of the question that are in neither */
                missing: string[];
                /**
                 * @description What the question asks for, when the quote contains none
                 * @enum {string|null}
                 */
                lacks: "number" | "date" | "name" | "unit" | null;
                /**
                 * @description The rule for which the sentence is never an answer; docs/answers.md has them
                 * @enum {string|null}
                 */
                excludedBy: "lacks-part-number" | "lacks-written-part-number" | "lacks-number" | "lacks-numbered-word" | "has-rival" | "lacks-form" | "lacks-what-is-counted" | "lacks-unit" | "is-one-row-of-all" | "has-other-full-name" | "is-namesake" | "lacks-name" | "lacks-word-of-two" | "has-only-names" | "lacks-unfound-word" | "has-only-the-question-above" | "lacks-amount" | "names-nobody" | "lacks-every-word" | "says-nothing-new" | "has-only-names-of-short" | "lacks-half-of-short" | "is-short-and-lacks-kind" | "is-short-item-that-lacks-word" | "is-row-that-lacks-word" | "is-fragment" | "lacks-deciding-word" | null;
            }[];
            /** @description `extractive` when the answer consists of quotes, or the language model that wrote it */
            provider: string;
            /** @description Why there is no answer: the search found nothing, or nothing with at least `supportMin` of support */
            abstained?: {
                /** @enum {string} */
                reason: "nothing-found" | "not-supported";
            };
            /** @description Without an answer: the sentences nearest to the question, which probably do not answer it; none when no sentence has a word of it */
            related?: {
                documentId: string;
                documentName: string;
                /**
                 * Format: date-time
                 * @description When this version of the document was created
                 */
                versionCreatedAt: string;
                chunkId: string;
                /** @description The headings above the quote, outermost first */
                headings: string[];
                page: number | null;
                /** @description Of a spreadsheet */
                sheet: string | null;
                /** @description The cells of the chunk on the sheet, as `A2:F21` */
                cells: string | null;
                /** @description Where the quote begins in the document's text, in UTF-16 units */
                charStart: number;
                charEnd: number;
                /** @description Word for word from the document's text */
                quote: string;
                /** @description How far this quote supports the answer, from 0 to 1; 0 when a rule excludes it */
                support: number;
                /** @description Words of the question that the quote contains */
                words: string[];
                /** @description Other words of the question: in the sentences beside the quote, the question above it, its headings or the document's name */
                wordsAround: string[];
                /** @description Words of the question that are in neither */
                missing: string[];
                /**
                 * @description What the question asks for, when the quote contains none
                 * @enum {string|null}
                 */
                lacks: "number" | "date" | "name" | "unit" | null;
                /**
                 * @description The rule for which the sentence is never an answer; docs/answers.md has them
                 * @enum {string|null}
                 */
                excludedBy: "lacks-part-number" | "lacks-written-part-number" | "lacks-number" | "lacks-numbered-word" | "has-rival" | "lacks-form" | "lacks-what-is-counted" | "lacks-unit" | "is-one-row-of-all" | "has-other-full-name" | "is-namesake" | "lacks-name" | "lacks-word-of-two" | "has-only-names" | "lacks-unfound-word" | "has-only-the-question-above" | "lacks-amount" | "names-nobody" | "lacks-every-word" | "says-nothing-new" | "has-only-names-of-short" | "lacks-half-of-short" | "is-short-and-lacks-kind" | "is-short-item-that-lacks-word" | "is-row-that-lacks-word" | "is-fragment" | "lacks-deciding-word" | null;
            }[];
            /** @description Why the quality is lower: the search used words only, the language model failed, the tenant has used up its answers of it for this month, or its reply failed a check */
            degraded?: {
                /** @enum {string} */
                reason: "embedder-unavailable" | "answerer-unavailable" | "answer-refused" | "model-limit-reached";
                /**
                 * @description Which check the language model's reply failed
                 * @enum {string}
                 */
                detail?: "repeats-marks" | "no-json" | "no-quotes" | "not-in-quotes";
            };
        };
        AnswerQuery: {
            filter?: {
                [key: string]: unknown;
            };
            collectionIds?: string[];
            question: string;
            /**
             * @description The number of search hits to read for the answer
             * @default 8
             */
            limit?: number;
        };
        Job: {
            id: string;
            /** @enum {string} */
            type: "reembed" | "reindex" | "index" | "check" | "prune" | "reweigh" | "purge" | "recover";
            /** @enum {string} */
            status: "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";
            params: {
                [key: string]: unknown;
            };
            progress: {
                done: number;
                total: number | null;
                unit: string;
                ratePerSecond: number | null;
                etaSeconds: number | null;
            };
            result: {
                [key: string]: unknown;
            } | null;
            failure: {
                code: string;
                message: string;
                hint: string;
                retryable: boolean;
            } | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: date-time */
            updatedAt: string;
        };
        NewJob: {
            /** @enum {string} */
            type: "reembed";
            model: string;
        } | {
            /** @enum {string} */
            type: "reindex";
            readerVersionBelow?: "current" | number;
        } | {
            /** @enum {string} */
            type: "index";
        };
        AuditEntry: {
            id: string;
            tenantId: string;
            /** @description Its position in the tenant's chain, which has no gaps */
            sequence: number;
            /** @description `user:usr_…`, `apiKey:key_…` or `system:` and the name of the work */
            actor: string;
            action: string;
            /** @description The id or the name of the object */
            subject: string;
            detail: {
                [key: string]: unknown;
            };
            requestId: string;
            /** @description The hash of the entry before, in hexadecimal; empty for the first one */
            previousHash: string;
            /** @description SHA-256 of the previous hash and of this entry, as docs/audit.md describes */
            hash: string;
            /** Format: date-time */
            createdAt: string;
        };
        Event: {
            id: string;
            type: string;
            version: number;
            tenantId: string;
            sequence: number;
            /** Format: date-time */
            occurredAt: string;
            actor: string;
            subject: {
                type: string;
                id: string;
            };
            data: {
                [key: string]: unknown;
            };
            traceparent: string | null;
            tracestate?: string;
        };
        EventCursor: {
            name: string;
            sequence: number;
            behind: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Webhook: {
            id: string;
            url: string;
            eventBridge: {
                eventBusArn: string;
                roleArn: string;
                externalId: string;
            } | null;
            eventTypes: string[] | null;
            filter: {
                [key: string]: unknown;
            } | null;
            ordered: boolean;
            maxPerSecond: number | null;
            maxConcurrency: number;
            /** @enum {string} */
            status: "enabled" | "disabled";
            disabledReason: string | null;
            owner: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewWebhook: {
            url?: string;
            eventBridge?: {
                eventBusArn: string;
                roleArn: string;
            };
            eventTypes?: ("apikey.created" | "apikey.revoked" | "apikey.rotated" | "apikey.updated" | "collection.created" | "collection.deleted" | "collection.updated" | "document.created" | "document.deleted" | "document.failed" | "document.purged" | "document.ready" | "document.replaced" | "document.restored" | "document.stored" | "group.created" | "group.deleted" | "group.members_added" | "group.members_removed" | "group.updated" | "job.cancelled" | "job.completed" | "job.created" | "job.failed" | "member.invited" | "member.joined" | "member.removed" | "member.resumed" | "member.role_changed" | "member.suspended" | "onboarding.completed" | "onboarding.failed" | "tenant.activated" | "tenant.created" | "tenant.resumed" | "tenant.suspended" | "tenant.updated" | "usage.threshold" | "webhook.disabled" | "webhook.enabled" | "webhook.failing")[];
            filter?: {
                [key: string]: unknown;
            };
            /** @default false */
            ordered?: boolean;
            maxPerSecond?: number;
            /** @default 10 */
            maxConcurrency?: number;
            headers?: {
                [key: string]: string;
            };
        };
        WebhookChanges: {
            url?: string;
            eventBridge?: {
                eventBusArn: string;
                roleArn: string;
            };
            eventTypes?: ("apikey.created" | "apikey.revoked" | "apikey.rotated" | "apikey.updated" | "collection.created" | "collection.deleted" | "collection.updated" | "document.created" | "document.deleted" | "document.failed" | "document.purged" | "document.ready" | "document.replaced" | "document.restored" | "document.stored" | "group.created" | "group.deleted" | "group.members_added" | "group.members_removed" | "group.updated" | "job.cancelled" | "job.completed" | "job.created" | "job.failed" | "member.invited" | "member.joined" | "member.removed" | "member.resumed" | "member.role_changed" | "member.suspended" | "onboarding.completed" | "onboarding.failed" | "tenant.activated" | "tenant.created" | "tenant.resumed" | "tenant.suspended" | "tenant.updated" | "usage.threshold" | "webhook.disabled" | "webhook.enabled" | "webhook.failing")[] | null;
            filter?: {
                [key: string]: unknown;
            } | null;
            ordered?: boolean;
            maxPerSecond?: number | null;
            maxConcurrency?: number;
            headers?: {
                [key: string]: string;
            };
        };
        SecretRotation: {
            /** @default 86400 */
            overlapSeconds?: number;
        };
        TestedWebhook: {
            id: string;
            url: string;
            eventBridge: {
                eventBusArn: string;
                roleArn: string;
                externalId: string;
            } | null;
            eventTypes: string[] | null;
            filter: {
                [key: string]: unknown;
            } | null;
            ordered: boolean;
            maxPerSecond: number | null;
            maxConcurrency: number;
            /** @enum {string} */
            status: "enabled" | "disabled";
            disabledReason: string | null;
            owner: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            deliveryId: string;
        };
        WebhookDelivery: {
            id: string;
            webhookId: string;
            eventId: string;
            eventType: string;
            /** @enum {string} */
            status: "pending" | "held" | "delivered" | "failed";
            sequence: number;
            attempts: number;
            statusCode: number | null;
            /** @enum {string|null} */
            cause: "address-not-allowed" | "dns" | "refused" | "connection" | "tls" | "timeout" | "redirect" | "too-large" | "status" | "role" | "bus" | null;
            durationMs: number | null;
            /** Format: date-time */
            nextAttemptAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        WebhookMetrics: {
            attempts: number;
            succeeded: number;
            successRate: number | null;
            p50Ms: number | null;
            p95Ms: number | null;
            pending: number;
            held: number;
            /** Format: date-time */
            oldestPendingAt: string | null;
            failures: number;
            /** Format: date-time */
            failingSince: string | null;
            /** Format: date-time */
            disablesAt: string | null;
            /** Format: date-time */
            pausedUntil: string | null;
        };
        WebhookRecovery: {
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until?: string;
            /** @default 100 */
            ratePerSecond?: number;
        };
        WebhookReplay: {
            after: number;
            until?: number;
            /** @default 100 */
            ratePerSecond?: number;
        };
        WebhookAttempt: {
            number: number;
            statusCode: number | null;
            /** @enum {string|null} */
            cause: "address-not-allowed" | "dns" | "refused" | "connection" | "tls" | "timeout" | "redirect" | "too-large" | "status" | "role" | "bus" | null;
            durationMs: number;
            response: string | null;
            /** Format: date-time */
            attemptedAt: string;
        };
        ParkedWork: {
            id: string;
            tenantId: string;
            attempts: number;
            error: string | null;
            /** Format: date-time */
            parkedAt: string;
        };
        ParkedWorkRelease: {
            ids: string[];
        };
        DeadLetterQueue: {
            name: string;
            /** @enum {string} */
            kind: "queue" | "rule";
            messages: number;
            hidden: number;
        };
        DeadLetter: {
            /** Format: uuid */
            id: string;
            tenantId: string;
            /** Format: date-time */
            sentAt: string;
            body: {
                [key: string]: unknown;
            } | null;
        };
        DeadLetterResult: {
            done: string[];
            refused: {
                id: string;
                reason: string;
            }[];
            hasMore: boolean;
        };
        DeadLetterSelection: {
            messages: "all" | string[];
        };
        Partition: {
            table: string;
            month: string;
            sizeBytes: number;
        };
        ProofKey: {
            /** @enum {string} */
            kty: "OKP";
            /** @enum {string} */
            crv: "Ed25519";
            x: string;
            kid: string;
            /** @enum {string} */
            alg: "EdDSA";
            /** @enum {string} */
            use: "sig";
        };
        Proof: {
            jws: string;
        };
        NewProof: {
            files: {
                [key: string]: string;
            };
        };
        Usage: {
            month: string;
            /** Format: date-time */
            resetsAt: string;
            meters: {
                /** @enum {string} */
                meter: "requests" | "searches" | "answers" | "documents" | "bytes" | "pages" | "chunks" | "deliveries" | "modelAnswers" | "ocrPages" | "embeddingTokens";
                used: number;
                limit: number | null;
            }[];
            hours?: {
                /** Format: date-time */
                hour: string;
                /** @enum {string} */
                meter: "requests" | "searches" | "answers" | "documents" | "bytes" | "pages" | "chunks" | "deliveries" | "modelAnswers" | "ocrPages" | "embeddingTokens";
                used: number;
            }[];
        };
        TenantUsage: {
            tenantId: string;
            meters: {
                [key: string]: number;
            };
        };
        TenantCost: {
            tenantId: string;
            amounts: {
                [key: string]: number;
            };
            services: {
                [key: string]: number;
            };
            usd: number;
            databaseShare: number;
            sharedUsd: number | null;
            hours?: {
                /** Format: date-time */
                hour: string;
                usd: number;
            }[];
        };
        Health: {
            ready: {
                /** @enum {string} */
                status: "ok" | "degraded" | "unavailable";
                /** @enum {string} */
                database: "ok" | "failed";
                /** @enum {string} */
                queue: "ok" | "failed";
                /** @enum {string} */
                cache: "ok" | "failed";
                reasons?: {
                    /** @enum {string} */
                    database?: "timeout" | "unreachable" | "refused";
                    /** @enum {string} */
                    queue?: "timeout" | "unreachable" | "refused";
                    /** @enum {string} */
                    cache?: "timeout" | "unreachable" | "refused";
                };
            };
            outbox: {
                waiting: number;
                oldestSeconds: number;
            };
            parkedWork: number;
            minutes: {
                /** Format: date-time */
                minute: string;
                requests: number;
                failed: number;
                slow: number;
            }[] | null;
        };
        Slo: {
            month: string;
            tenantId: string | null;
            slowMs: number;
            objectives: {
                /** @enum {string} */
                name: "availability" | "latency";
                target: number;
                total: number;
                bad: number;
                achieved: number | null;
                budgetLeft: number;
                burnRate: number | null;
            }[];
            hours: {
                /** Format: date-time */
                hour: string;
                requests: number;
                failed: number;
                slow: number;
            }[];
        };
    };
    responses: never;
    parameters: {
        /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
        RequestId: string;
        /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
        Tenant: string;
        /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
        Reason: string;
        /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
        IdempotencyKey: string;
        /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description The id of the request, also in the logs. */
        RequestId: string;
        /** @description `true` when this is the stored response of an earlier request. */
        IdempotencyReplayed: string;
        /** @description Seconds to wait before the request is repeated. */
        RetryAfter: number;
        /** @description `Bearer`. */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API works */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "database": "ok",
                     *       "queue": "ok",
                     *       "cache": "ok"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "degraded" | "unavailable";
                        /** @enum {string} */
                        database: "ok" | "failed";
                        /** @enum {string} */
                        queue: "ok" | "failed";
                        /** @enum {string} */
                        cache: "ok" | "failed";
                        reasons?: {
                            /** @enum {string} */
                            database?: "timeout" | "unreachable" | "refused";
                            /** @enum {string} */
                            queue?: "timeout" | "unreachable" | "refused";
                            /** @enum {string} */
                            cache?: "timeout" | "unreachable" | "refused";
                        };
                    };
                };
            };
            /** @description The API is unavailable */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "degraded" | "unavailable";
                        /** @enum {string} */
                        database: "ok" | "failed";
                        /** @enum {string} */
                        queue: "ok" | "failed";
                        /** @enum {string} */
                        cache: "ok" | "failed";
                        reasons?: {
                            /** @enum {string} */
                            database?: "timeout" | "unreachable" | "refused";
                            /** @enum {string} */
                            queue?: "timeout" | "unreachable" | "refused";
                            /** @enum {string} */
                            cache?: "timeout" | "unreachable" | "refused";
                        };
                    };
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pool and its client */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "userPoolId": "us-east-1_local",
                     *       "clientId": "resolve-local",
                     *       "region": "us-east-1",
                     *       "endpoint": "https://resolve.example/cognito"
                     *     }
                     */
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "onboarding" | "active" | "suspended" | "offboarding" | "deleted";
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ten_01j9x00000e008000000000001",
                     *           "name": "Halden Optics",
                     *           "slug": "halden-optics-3k7q2m",
                     *           "externalId": "crm-4711",
                     *           "plan": "team",
                     *           "region": "us-east-1",
                     *           "reading": {
                     *             "hiddenText": "leave-out"
                     *           },
                     *           "answering": {
                     *             "supportMin": 0.5
                     *           },
                     *           "status": "active",
                     *           "suspension": null,
                     *           "createdAt": "2027-03-01T09:00:00.000Z",
                     *           "updatedAt": "2027-03-01T09:00:06.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Tenant"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Halden Optics",
                 *       "externalId": "crm-4711",
                 *       "plan": "team",
                 *       "admin": {
                 *         "email": "ada@halden.example",
                 *         "name": "Ada Halden"
                 *       },
                 *       "webhook": {
                 *         "url": "https://hooks.halden.example/resolve",
                 *         "eventTypes": [
                 *           "document.ready",
                 *           "document.failed"
                 *         ]
                 *       },
                 *       "documents": [
                 *         {
                 *           "name": "draft.md",
                 *           "text": "The parties have not agreed on a term yet."
                 *         }
                 *       ],
                 *       "seedQuestion": "What is the notice period?",
                 *       "seedAnswer": "three months"
                 *     }
                 */
                "application/json": components["schemas"]["NewTenant"];
            };
        };
        responses: {
            /** @description The externalId's tenant, as it is, without secrets */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tenant: components["schemas"]["Tenant"];
                        apiKey?: {
                            id: string;
                            secret: string;
                        };
                        webhook?: {
                            id: string;
                            secret: string;
                        };
                        onboarding: components["schemas"]["OnboardingRun"];
                    };
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenant": {
                     *         "id": "ten_01j9x00000e008000000000001",
                     *         "name": "Halden Optics",
                     *         "slug": "halden-optics-3k7q2m",
                     *         "externalId": "crm-4711",
                     *         "plan": "team",
                     *         "region": "us-east-1",
                     *         "reading": {
                     *           "hiddenText": "leave-out"
                     *         },
                     *         "answering": {
                     *           "supportMin": 0.5
                     *         },
                     *         "status": "onboarding",
                     *         "suspension": null,
                     *         "createdAt": "2027-03-01T09:00:00.000Z",
                     *         "updatedAt": "2027-03-01T09:00:00.000Z"
                     *       },
                     *       "apiKey": {
                     *         "id": "key_01j9x00000e008000000000001",
                     *         "secret": "rsk_test_…"
                     *       },
                     *       "webhook": {
                     *         "id": "whk_01j9x00000e008000000000001",
                     *         "secret": "whsec_…"
                     *       },
                     *       "onboarding": {
                     *         "id": "onb_01j9x00000e008000000000001",
                     *         "tenantId": "ten_01j9x00000e008000000000001",
                     *         "status": "running",
                     *         "steps": [
                     *           {
                     *             "name": "tenant.reserve",
                     *             "kind": "automatic",
                     *             "status": "completed",
                     *             "attempts": 1,
                     *             "startedAt": "2027-03-01T09:00:00.000Z",
                     *             "finishedAt": "2027-03-01T09:00:00.000Z",
                     *             "durationMs": 52,
                     *             "error": null,
                     *             "result": null
                     *           },
                     *           {
                     *             "name": "tenant.isolate",
                     *             "kind": "automatic",
                     *             "status": "completed",
                     *             "attempts": 1,
                     *             "startedAt": "2027-03-01T09:00:00.000Z",
                     *             "finishedAt": "2027-03-01T09:00:00.000Z",
                     *             "durationMs": 245,
                     *             "error": null,
                     *             "result": {}
                     *           }
                     *         ],
                     *         "durationMs": 1101,
                     *         "targetMs": 300000,
                     *         "withinTarget": false,
                     *         "createdAt": "2027-03-01T09:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        tenant: components["schemas"]["Tenant"];
                        apiKey?: {
                            id: string;
                            secret: string;
                        };
                        webhook?: {
                            id: string;
                            secret: string;
                        };
                        onboarding: components["schemas"]["OnboardingRun"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant-exists`: A tenant with other content has this name; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `url-not-allowed`: The address may not be called; `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOnboarding: {
        parameters: {
            query?: {
                waitSeconds?: number | null;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `onb_01j…` */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "onb_01j9x00000e008000000000001",
                     *       "tenantId": "ten_01j9x00000e008000000000001",
                     *       "status": "running",
                     *       "steps": [
                     *         {
                     *           "name": "tenant.reserve",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 52,
                     *           "error": null,
                     *           "result": null
                     *         },
                     *         {
                     *           "name": "tenant.isolate",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 245,
                     *           "error": null,
                     *           "result": {}
                     *         }
                     *       ],
                     *       "durationMs": 7240,
                     *       "targetMs": 300000,
                     *       "withinTarget": false,
                     *       "createdAt": "2027-03-01T09:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OnboardingRun"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryOnboarding: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `onb_01j…` */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "seedAnswer": "three months"
                 *     }
                 */
                "application/json": components["schemas"]["RunRetry"];
            };
        };
        responses: {
            /** @description Running again */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "onb_01j9x00000e008000000000001",
                     *       "tenantId": "ten_01j9x00000e008000000000001",
                     *       "status": "running",
                     *       "steps": [
                     *         {
                     *           "name": "tenant.reserve",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 52,
                     *           "error": null,
                     *           "result": null
                     *         },
                     *         {
                     *           "name": "tenant.isolate",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 245,
                     *           "error": null,
                     *           "result": {}
                     *         }
                     *       ],
                     *       "durationMs": 23642,
                     *       "targetMs": 300000,
                     *       "withinTarget": false,
                     *       "createdAt": "2027-03-01T09:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OnboardingRun"] & {
                        apiKey?: {
                            id: string;
                            secret: string;
                        };
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `onboarding-conflict`: The run's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenantOnboarding: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "onb_01j9x00000e008000000000001",
                     *       "tenantId": "ten_01j9x00000e008000000000001",
                     *       "status": "completed",
                     *       "steps": [
                     *         {
                     *           "name": "tenant.reserve",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 52,
                     *           "error": null,
                     *           "result": null
                     *         },
                     *         {
                     *           "name": "tenant.isolate",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 245,
                     *           "error": null,
                     *           "result": {}
                     *         }
                     *       ],
                     *       "durationMs": 24324,
                     *       "targetMs": 300000,
                     *       "withinTarget": true,
                     *       "createdAt": "2027-03-01T09:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OnboardingRun"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findOnboarding: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "onb_01j9x00000e008000000000001",
                     *       "tenantId": "ten_01j9x00000e008000000000001",
                     *       "status": "completed",
                     *       "steps": [
                     *         {
                     *           "name": "tenant.reserve",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 52,
                     *           "error": null,
                     *           "result": null
                     *         },
                     *         {
                     *           "name": "tenant.isolate",
                     *           "kind": "automatic",
                     *           "status": "completed",
                     *           "attempts": 1,
                     *           "startedAt": "2027-03-01T09:00:00.000Z",
                     *           "finishedAt": "2027-03-01T09:00:00.000Z",
                     *           "durationMs": 245,
                     *           "error": null,
                     *           "result": {}
                     *         }
                     *       ],
                     *       "durationMs": 24324,
                     *       "targetMs": 300000,
                     *       "withinTarget": true,
                     *       "createdAt": "2027-03-01T09:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OnboardingRun"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "team",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "active",
                     *       "suspension": null,
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:06.000Z",
                     *       "counts": {
                     *         "documents": {
                     *           "ready": 2,
                     *           "failed": 0,
                     *           "queued": 0,
                     *           "deleting": 0,
                     *           "processing": 0,
                     *           "awaiting_upload": 0
                     *         },
                     *         "members": 0,
                     *         "suspendedMembers": 0,
                     *         "invitations": 1,
                     *         "apiKeys": 1,
                     *         "enabledWebhooks": 1,
                     *         "disabledWebhooks": 0
                     *       },
                     *       "usage": {
                     *         "month": "2026-12",
                     *         "resetsAt": "2027-03-31T13:51:47.000Z",
                     *         "meters": [
                     *           {
                     *             "meter": "requests",
                     *             "used": 0,
                     *             "limit": null
                     *           },
                     *           {
                     *             "meter": "searches",
                     *             "used": 0,
                     *             "limit": 10000000
                     *           }
                     *         ]
                     *       },
                     *       "storage": {
                     *         "usedBytes": 201,
                     *         "limitBytes": 53687091200
                     *       },
                     *       "health": {
                     *         "unfinishedDocuments": 0,
                     *         "oldestUnfinishedAt": null,
                     *         "unfinishedJobs": 0,
                     *         "unfinishedDeliveries": 0,
                     *         "failingWebhooks": [],
                     *         "unsentMessages": 0,
                     *         "parkedWork": 0,
                     *         "onboarding": {
                     *           "id": "onb_01j9x00000e008000000000001",
                     *           "status": "completed",
                     *           "durationMs": 24324,
                     *           "createdAt": "2027-03-01T09:00:00.000Z",
                     *           "failedStep": null
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TenantOverview"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "plan": "enterprise"
                 *     }
                 */
                "application/json": components["schemas"]["TenantChanges"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "enterprise",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "active",
                     *       "suspension": null,
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:26.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspendTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The invoice of October is not paid."
                 *     }
                 */
                "application/json": components["schemas"]["Suspension"];
            };
        };
        responses: {
            /** @description Suspended */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "enterprise",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "suspended",
                     *       "suspension": {
                     *         "reason": "The invoice of October is not paid.",
                     *         "since": "2027-03-01T09:00:26.000Z"
                     *       },
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:26.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant-conflict`: The tenant's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Resumed */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "enterprise",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "active",
                     *       "suspension": null,
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:26.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant-conflict`: The tenant's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLimits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "requestsPerSecond": 100,
                     *       "requestBurst": 200,
                     *       "callerRequestsPerSecond": 100,
                     *       "webhooks": 100,
                     *       "apiKeys": 1000,
                     *       "collections": 1000,
                     *       "groups": 1000,
                     *       "jobs": 10,
                     *       "invitations": 100,
                     *       "storageBytes": 53687091200,
                     *       "documentsPerMonth": 200000,
                     *       "pagesPerMonth": 2000000,
                     *       "searchesPerMonth": 10000000,
                     *       "answersPerMonth": 1000000,
                     *       "modelAnswersPerMonth": 50000,
                     *       "ocrPagesPerMonth": 20000,
                     *       "embeddingTokensPerMonth": 1000000000
                     *     }
                     */
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setLimits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description An id like `ten_01j…` */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "webhooks": 20
                 *     }
                 */
                "application/json": components["schemas"]["LimitChanges"];
            };
        };
        responses: {
            /** @description The limits */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "requestsPerSecond": 100,
                     *       "requestBurst": 200,
                     *       "callerRequestsPerSecond": 100,
                     *       "webhooks": 20,
                     *       "apiKeys": 1000,
                     *       "collections": 1000,
                     *       "groups": 1000,
                     *       "jobs": 10,
                     *       "invitations": 100,
                     *       "storageBytes": 53687091200,
                     *       "documentsPerMonth": 200000,
                     *       "pagesPerMonth": 2000000,
                     *       "searchesPerMonth": 10000000,
                     *       "answersPerMonth": 1000000,
                     *       "modelAnswersPerMonth": 50000,
                     *       "ocrPagesPerMonth": 20000,
                     *       "embeddingTokensPerMonth": 1000000000
                     *     }
                     */
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOwnLimits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "requestsPerSecond": 500,
                     *       "requestBurst": 1000,
                     *       "callerRequestsPerSecond": 500,
                     *       "webhooks": 20,
                     *       "apiKeys": 10000,
                     *       "collections": 10000,
                     *       "groups": 10000,
                     *       "jobs": 50,
                     *       "invitations": 1000,
                     *       "storageBytes": 1099511627776,
                     *       "documentsPerMonth": 5000000,
                     *       "pagesPerMonth": 50000000,
                     *       "searchesPerMonth": 100000000,
                     *       "answersPerMonth": 10000000,
                     *       "modelAnswersPerMonth": 1000000,
                     *       "ocrPagesPerMonth": 500000,
                     *       "embeddingTokensPerMonth": 25000000000
                     *     }
                     */
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "enterprise",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "active",
                     *       "suspension": null,
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:26.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Halden Optics AG"
                 *     }
                 */
                "application/json": components["schemas"]["TenantPatch"];
            };
        };
        responses: {
            /** @description The tenant */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ten_01j9x00000e008000000000001",
                     *       "name": "Halden Optics AG",
                     *       "slug": "halden-optics-3k7q2m",
                     *       "externalId": "crm-4711",
                     *       "plan": "enterprise",
                     *       "region": "us-east-1",
                     *       "reading": {
                     *         "hiddenText": "leave-out"
                     *       },
                     *       "answering": {
                     *         "supportMin": 0.5
                     *       },
                     *       "status": "active",
                     *       "suspension": null,
                     *       "createdAt": "2027-03-01T09:00:00.000Z",
                     *       "updatedAt": "2027-03-01T09:00:31.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "key_01j9x00000e008000000000002",
                     *           "name": "search of the intranet",
                     *           "role": "readonly",
                     *           "scopes": [
                     *             "search:query"
                     *           ],
                     *           "expiresAt": null,
                     *           "revokedAt": null,
                     *           "lastUsedAt": null,
                     *           "previousUntil": null,
                     *           "addresses": null,
                     *           "collections": null,
                     *           "createdAt": "2027-03-01T09:00:32.000Z"
                     *         },
                     *         {
                     *           "id": "key_01j9x00000e008000000000001",
                     *           "name": "first key",
                     *           "role": "tenant_admin",
                     *           "scopes": null,
                     *           "expiresAt": null,
                     *           "revokedAt": null,
                     *           "lastUsedAt": "2027-02-28T13:51:47.000Z",
                     *           "previousUntil": null,
                     *           "addresses": null,
                     *           "collections": null,
                     *           "createdAt": "2027-03-01T09:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "search of the intranet",
                 *       "role": "readonly",
                 *       "scopes": [
                 *         "search:query"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "apiKey": {
                     *         "id": "key_01j9x00000e008000000000002",
                     *         "name": "search of the intranet",
                     *         "role": "readonly",
                     *         "scopes": [
                     *           "search:query"
                     *         ],
                     *         "expiresAt": null,
                     *         "revokedAt": null,
                     *         "lastUsedAt": null,
                     *         "previousUntil": null,
                     *         "addresses": null,
                     *         "collections": null,
                     *         "createdAt": "2027-03-01T09:00:32.000Z"
                     *       },
                     *       "secret": "rsk_test_…"
                     *     }
                     */
                    "application/json": {
                        apiKey: components["schemas"]["ApiKey"];
                        secret: string;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `key_01j…` */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `key_01j…` */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "addresses": [
                 *         "203.0.113.0/24"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyChanges"];
            };
        };
        responses: {
            /** @description The key */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_01j9x00000e008000000000002",
                     *       "name": "search of the intranet",
                     *       "role": "readonly",
                     *       "scopes": [
                     *         "search:query"
                     *       ],
                     *       "expiresAt": null,
                     *       "revokedAt": null,
                     *       "lastUsedAt": null,
                     *       "previousUntil": null,
                     *       "addresses": [
                     *         "203.0.113.0/24"
                     *       ],
                     *       "collections": null,
                     *       "createdAt": "2027-03-01T09:00:32.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `apikey-conflict`: The key's state does not allow this */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `key_01j…` */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description Rotated */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "apiKey": {
                     *         "id": "key_01j9x00000e008000000000002",
                     *         "name": "search of the intranet",
                     *         "role": "readonly",
                     *         "scopes": [
                     *           "search:query"
                     *         ],
                     *         "expiresAt": null,
                     *         "revokedAt": null,
                     *         "lastUsedAt": null,
                     *         "previousUntil": "2027-03-01T10:00:32.000Z",
                     *         "addresses": [
                     *           "203.0.113.0/24"
                     *         ],
                     *         "collections": null,
                     *         "createdAt": "2027-03-01T09:00:32.000Z"
                     *       },
                     *       "secret": "rsk_test_…"
                     *     }
                     */
                    "application/json": {
                        apiKey: components["schemas"]["ApiKey"];
                        secret: string;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `apikey-conflict`: The key's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMyInvitations: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "inv_01j9x00000e008000000000003",
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "tenantName": "Halden Optics AG",
                     *           "role": "user",
                     *           "expiresAt": "2027-03-08T09:00:50.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["MyInvitation"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_01j9x00000e008000000000001",
                     *       "email": "lin@resolve.example",
                     *       "memberships": [
                     *         {
                     *           "tenantId": "ten_01j9x00000e008000000000002",
                     *           "tenantName": "Platform",
                     *           "tenantStatus": "active",
                     *           "role": "user",
                     *           "status": "active",
                     *           "name": null,
                     *           "tenantSuspension": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid-request`: The request is not valid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Lin"
                 *     }
                 */
                "application/json": components["schemas"]["MyChanges"];
            };
        };
        responses: {
            /** @description The person */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_01j9x00000e008000000000001",
                     *       "email": "lin@resolve.example",
                     *       "memberships": [
                     *         {
                     *           "tenantId": "ten_01j9x00000e008000000000002",
                     *           "tenantName": "Platform",
                     *           "tenantStatus": "active",
                     *           "role": "user",
                     *           "status": "active",
                     *           "name": "Lin",
                     *           "tenantSuspension": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "pending" | "accepted" | "withdrawn" | "expired";
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "inv_01j9x00000e008000000000001",
                     *           "email": "grace@halden.example",
                     *           "name": "Grace Halden",
                     *           "role": "user",
                     *           "status": "pending",
                     *           "expiresAt": "2027-03-08T09:00:32.000Z",
                     *           "sentAt": "2027-03-01T09:00:32.000Z",
                     *           "sendFailure": null,
                     *           "acceptedAt": null,
                     *           "userId": null,
                     *           "createdAt": "2027-03-01T09:00:32.000Z",
                     *           "updatedAt": "2027-03-01T09:00:32.000Z"
                     *         },
                     *         {
                     *           "id": "inv_01j9x00000e008000000000002",
                     *           "email": "ada@halden.example",
                     *           "name": "Ada Halden",
                     *           "role": "tenant_admin",
                     *           "status": "pending",
                     *           "expiresAt": "2027-03-08T09:00:01.000Z",
                     *           "sentAt": "2027-03-01T09:00:04.000Z",
                     *           "sendFailure": null,
                     *           "acceptedAt": null,
                     *           "userId": null,
                     *           "createdAt": "2027-03-01T09:00:01.000Z",
                     *           "updatedAt": "2027-03-01T09:00:04.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Invitation"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "grace@halden.example",
                 *       "role": "user",
                 *       "name": "Grace Halden"
                 *     }
                 */
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description Invited */
            201: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitation": {
                     *         "id": "inv_01j9x00000e008000000000001",
                     *         "email": "grace@halden.example",
                     *         "name": "Grace Halden",
                     *         "role": "user",
                     *         "status": "pending",
                     *         "expiresAt": "2027-03-08T09:00:32.000Z",
                     *         "sentAt": null,
                     *         "sendFailure": null,
                     *         "acceptedAt": null,
                     *         "userId": null,
                     *         "createdAt": "2027-03-01T09:00:32.000Z",
                     *         "updatedAt": "2027-03-01T09:00:32.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        invitation: components["schemas"]["Invitation"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `member-exists`: The address belongs to a member; `invitation-exists`: The address has been invited; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `inv_01j…` */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inv_01j9x00000e008000000000001",
                     *       "email": "grace@halden.example",
                     *       "name": "Grace Halden",
                     *       "role": "user",
                     *       "status": "pending",
                     *       "expiresAt": "2027-03-08T09:00:32.000Z",
                     *       "sentAt": "2027-03-01T09:00:32.000Z",
                     *       "sendFailure": null,
                     *       "acceptedAt": null,
                     *       "userId": null,
                     *       "createdAt": "2027-03-01T09:00:32.000Z",
                     *       "updatedAt": "2027-03-01T09:00:32.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `inv_01j…` */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdrawn */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invitation-conflict`: The invitation's state does not allow this */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "invitationId": "inv_01j9x00000e008000000000003"
                 *     }
                 */
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description The membership */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenantId": "ten_01j9x00000e008000000000001",
                     *       "user": {
                     *         "id": "usr_01j9x00000e008000000000001",
                     *         "email": "lin@resolve.example",
                     *         "name": null,
                     *         "role": "user",
                     *         "status": "active",
                     *         "joinedAt": "2027-03-01T09:00:50.000Z",
                     *         "updatedAt": "2027-03-01T09:00:50.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        tenantId: string;
                        user: components["schemas"]["User"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `invitation-for-another`: The invitation is for another person; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invitation-invalid`: No invitation to your address has this id, and none this token */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invitation-used`: The invitation was accepted before */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invitation-withdrawn`: The invitation was withdrawn; `invitation-expired`: The invitation has expired */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendInvitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `inv_01j…` */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inv_01j9x00000e008000000000001",
                     *       "email": "grace@halden.example",
                     *       "name": "Grace Halden",
                     *       "role": "user",
                     *       "status": "pending",
                     *       "expiresAt": "2027-03-08T09:00:33.000Z",
                     *       "sentAt": null,
                     *       "sendFailure": null,
                     *       "acceptedAt": null,
                     *       "userId": null,
                     *       "createdAt": "2027-03-01T09:00:32.000Z",
                     *       "updatedAt": "2027-03-01T09:00:33.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invitation-conflict`: The invitation's state does not allow this; `invitation-exists`: The address has been invited; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                role?: "admin" | "tenant_admin" | "user" | "readonly";
                status?: "active" | "suspended" | "removed";
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["User"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `usr_01j…` */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_01j9x00000e008000000000001",
                     *       "email": "lin@resolve.example",
                     *       "name": null,
                     *       "role": "user",
                     *       "status": "active",
                     *       "joinedAt": "2027-03-01T09:00:50.000Z",
                     *       "updatedAt": "2027-03-01T09:00:50.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeUser: {
        parameters: {
            query?: {
                apiKeys?: "revoke" | "keep";
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `usr_01j…` */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last-administrator`: The tenant would have no administrator */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `usr_01j…` */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "readonly"
                 *     }
                 */
                "application/json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description The member */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_01j9x00000e008000000000001",
                     *       "email": "lin@resolve.example",
                     *       "name": null,
                     *       "role": "readonly",
                     *       "status": "active",
                     *       "joinedAt": "2027-03-01T09:00:50.000Z",
                     *       "updatedAt": "2027-03-01T09:00:51.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user-conflict`: The member's state does not allow this; `last-administrator`: The tenant would have no administrator */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoles: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role table */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "role": "admin",
                     *           "purpose": "Runs the platform: every permission, inside a tenant only with a reason that is audited there",
                     *           "permissions": [
                     *             {
                     *               "permission": "tenant:read",
                     *               "scope": "any",
                     *               "allows": "see the name, plan and settings of the tenant, the roles, and why a request is allowed or refused"
                     *             },
                     *             {
                     *               "permission": "tenant:write",
                     *               "scope": "any",
                     *               "allows": "change the name and settings of the tenant"
                     *             }
                     *           ]
                     *         },
                     *         {
                     *           "role": "tenant_admin",
                     *           "purpose": "Administers one tenant and sees all of its documents, whatever access lists say",
                     *           "permissions": [
                     *             {
                     *               "permission": "tenant:read",
                     *               "scope": "any",
                     *               "allows": "see the name, plan and settings of the tenant, the roles, and why a request is allowed or refused"
                     *             },
                     *             {
                     *               "permission": "tenant:write",
                     *               "scope": "any",
                     *               "allows": "change the name and settings of the tenant"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Role"][];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainPermission: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "permission": "document:read"
                 *     }
                 */
                "application/json": components["schemas"]["PermissionQuestion"];
            };
        };
        responses: {
            /** @description The decision */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "allowed": true,
                     *       "decidedBy": "role",
                     *       "reason": "The role tenant_admin grants document:read.",
                     *       "permission": "document:read",
                     *       "resourceId": null,
                     *       "subject": {
                     *         "id": "key_01j9x00000e008000000000001",
                     *         "role": "tenant_admin",
                     *         "scopes": null
                     *       },
                     *       "checks": [
                     *         {
                     *           "check": "credential",
                     *           "passed": true,
                     *           "reason": "The credential is valid."
                     *         },
                     *         {
                     *           "check": "role",
                     *           "passed": true,
                     *           "reason": "The role tenant_admin grants document:read."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PermissionExplanation"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description The id of a user or of an API key */
                memberId?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "grp_01j9x00000e008000000000001",
                     *           "name": "Legal",
                     *           "createdAt": "2027-03-01T09:00:33.000Z",
                     *           "updatedAt": "2027-03-01T09:00:33.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Group"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Legal"
                 *     }
                 */
                "application/json": components["schemas"]["NewGroup"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "group": {
                     *         "id": "grp_01j9x00000e008000000000001",
                     *         "name": "Legal",
                     *         "createdAt": "2027-03-01T09:00:33.000Z",
                     *         "updatedAt": "2027-03-01T09:00:33.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        group: components["schemas"]["Group"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `group-exists`: A group has this name; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "grp_01j9x00000e008000000000001",
                     *       "name": "Legal",
                     *       "createdAt": "2027-03-01T09:00:33.000Z",
                     *       "updatedAt": "2027-03-01T09:00:33.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateGroup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Legal and compliance"
                 *     }
                 */
                "application/json": components["schemas"]["GroupChanges"];
            };
        };
        responses: {
            /** @description The group */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "grp_01j9x00000e008000000000001",
                     *       "name": "Legal and compliance",
                     *       "createdAt": "2027-03-01T09:00:33.000Z",
                     *       "updatedAt": "2027-03-01T09:00:34.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `group-exists`: A group has this name */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroupMembers: {
        parameters: {
            query?: {
                limit?: number;
                /** @description The id of a user or of an API key */
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "key_01j9x00000e008000000000001",
                     *           "addedAt": "2027-03-01T09:00:34.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["GroupMember"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGroupMembers: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "apiKeyIds": [
                 *         "key_01j9x00000e008000000000001"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["GroupMembers"];
            };
        };
        responses: {
            /** @description The group */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "grp_01j9x00000e008000000000001",
                     *       "name": "Legal and compliance",
                     *       "createdAt": "2027-03-01T09:00:33.000Z",
                     *       "updatedAt": "2027-03-01T09:00:34.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGroupMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `grp_01j…` */
                groupId: string;
                /** @description The id of a user or of an API key */
                memberId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "col_01j9x00000e008000000000001",
                     *           "name": "Contracts",
                     *           "access": {
                     *             "roles": [
                     *               "tenant_admin"
                     *             ],
                     *             "apiKeyIds": [
                     *               "key_01j9x00000e008000000000001"
                     *             ]
                     *           },
                     *           "createdAt": "2027-03-01T09:00:34.000Z",
                     *           "updatedAt": "2027-03-01T09:00:34.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Collection"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Contracts",
                 *       "access": {
                 *         "roles": [
                 *           "tenant_admin"
                 *         ],
                 *         "apiKeyIds": [
                 *           "key_01j9x00000e008000000000001"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewCollection"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "collection": {
                     *         "id": "col_01j9x00000e008000000000001",
                     *         "name": "Contracts",
                     *         "access": {
                     *           "roles": [
                     *             "tenant_admin"
                     *           ],
                     *           "apiKeyIds": [
                     *             "key_01j9x00000e008000000000001"
                     *           ]
                     *         },
                     *         "createdAt": "2027-03-01T09:00:34.000Z",
                     *         "updatedAt": "2027-03-01T09:00:34.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        collection: components["schemas"]["Collection"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `collection-exists`: A collection has this name; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `col_01j…` */
                collectionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collection */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "col_01j9x00000e008000000000001",
                     *       "name": "Contracts",
                     *       "access": {
                     *         "roles": [
                     *           "tenant_admin"
                     *         ],
                     *         "apiKeyIds": [
                     *           "key_01j9x00000e008000000000001"
                     *         ]
                     *       },
                     *       "createdAt": "2027-03-01T09:00:34.000Z",
                     *       "updatedAt": "2027-03-01T09:00:34.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `col_01j…` */
                collectionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `collection-not-empty`: The collection holds documents */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `col_01j…` */
                collectionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Contracts 2027"
                 *     }
                 */
                "application/json": components["schemas"]["CollectionChanges"];
            };
        };
        responses: {
            /** @description The collection */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "col_01j9x00000e008000000000001",
                     *       "name": "Contracts 2027",
                     *       "access": {
                     *         "roles": [
                     *           "tenant_admin"
                     *         ],
                     *         "apiKeyIds": [
                     *           "key_01j9x00000e008000000000001"
                     *         ]
                     *       },
                     *       "createdAt": "2027-03-01T09:00:34.000Z",
                     *       "updatedAt": "2027-03-01T09:00:35.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `collection-exists`: A collection has this name */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "awaiting_upload" | "queued" | "processing" | "ready" | "failed" | "deleting";
                externalId?: string;
                collectionId?: string;
                warning?: "hidden-text-left-out" | "hidden-sheets-left-out" | "hidden-cells-left-out" | "hidden-slides-left-out" | "comments-left-out" | "deleted-text-left-out" | "prompts-left-out" | "readings-left-out" | "pages-without-text" | "pages-undecodable" | "images-unread" | "attachment-unread" | "embedded-object-unread" | "bytes-replaced" | "formula-uncached" | "lines-malformed" | "navigation-left-out";
                readerVersionBelow?: "current" | number;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "doc_01j9x00000e008000000000002",
                     *           "name": "warranty.txt",
                     *           "contentType": "text/plain",
                     *           "sizeBytes": 36,
                     *           "sha256": "0903483d3794bd2ea6ca498e35f5e6217b62ec2dd7e5664091a44372935d06e0",
                     *           "status": "ready",
                     *           "stage": null,
                     *           "stageTimings": {
                     *             "chunking": 0,
                     *             "indexing": 86,
                     *             "embedding": 60,
                     *             "extracting": 36
                     *           },
                     *           "failure": null,
                     *           "version": 1,
                     *           "liveVersion": 1,
                     *           "pages": null,
                     *           "chunks": 1,
                     *           "warnings": [],
                     *           "reading": null,
                     *           "readerVersion": 3,
                     *           "metadata": {
                     *             "department": "sales"
                     *           },
                     *           "externalId": "warranty-2027",
                     *           "duplicateOf": null,
                     *           "collectionId": null,
                     *           "createdAt": "2027-03-01T09:00:35.000Z",
                     *           "updatedAt": "2027-03-01T09:00:36.000Z",
                     *           "readyAt": "2027-03-01T09:00:36.000Z",
                     *           "purgeAt": null
                     *         },
                     *         {
                     *           "id": "doc_01j9x00000e008000000000001",
                     *           "name": "agreement.md",
                     *           "contentType": "text/markdown",
                     *           "sizeBytes": 159,
                     *           "sha256": "2bb7e45ccdf2330d183e1bdf03a2785fa60fc7d95df26cc4729ba941acf497ce",
                     *           "status": "ready",
                     *           "stage": null,
                     *           "stageTimings": {
                     *             "chunking": 14,
                     *             "indexing": 52,
                     *             "embedding": 33,
                     *             "extracting": 647
                     *           },
                     *           "failure": null,
                     *           "version": 1,
                     *           "liveVersion": 1,
                     *           "pages": null,
                     *           "chunks": 2,
                     *           "warnings": [],
                     *           "reading": null,
                     *           "readerVersion": 3,
                     *           "metadata": {},
                     *           "externalId": null,
                     *           "duplicateOf": null,
                     *           "collectionId": null,
                     *           "createdAt": "2027-03-01T09:00:22.000Z",
                     *           "updatedAt": "2027-03-01T09:00:23.000Z",
                     *           "readyAt": "2027-03-01T09:00:23.000Z",
                     *           "purgeAt": null
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Document"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "agreement.md",
                 *       "text": "# Supply agreement\n\n## Term\n\nThe agreement with Halden Optics has a notice period of three months.\n\n## Delivery\n\nLenses are delivered within ten working days.\n"
                 *     }
                 */
                "application/json": components["schemas"]["NewUpload"] | components["schemas"]["NewTextDocument"] | components["schemas"]["NewUrlDocument"];
            };
        };
        responses: {
            /** @description These very bytes are there already */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document: components["schemas"]["Document"];
                        upload?: {
                            /** @enum {string} */
                            method: "PUT";
                            url: string;
                            headers: {
                                [key: string]: string;
                            };
                            /** Format: date-time */
                            expiresAt: string;
                        };
                        created: boolean;
                    };
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "document": {
                     *         "id": "doc_01j9x00000e008000000000001",
                     *         "name": "agreement.md",
                     *         "contentType": "text/plain; charset=utf-8",
                     *         "sizeBytes": 159,
                     *         "sha256": "2bb7e45ccdf2330d183e1bdf03a2785fa60fc7d95df26cc4729ba941acf497ce",
                     *         "status": "queued",
                     *         "stage": null,
                     *         "stageTimings": {},
                     *         "failure": null,
                     *         "version": 1,
                     *         "liveVersion": null,
                     *         "pages": null,
                     *         "chunks": 0,
                     *         "warnings": [],
                     *         "reading": null,
                     *         "readerVersion": null,
                     *         "metadata": {},
                     *         "externalId": null,
                     *         "duplicateOf": null,
                     *         "collectionId": null,
                     *         "createdAt": "2027-03-01T09:00:22.000Z",
                     *         "updatedAt": "2027-03-01T09:00:22.000Z",
                     *         "readyAt": null,
                     *         "purgeAt": null
                     *       },
                     *       "created": true
                     *     }
                     */
                    "application/json": {
                        document: components["schemas"]["Document"];
                        upload?: {
                            /** @enum {string} */
                            method: "PUT";
                            url: string;
                            headers: {
                                [key: string]: string;
                            };
                            /** Format: date-time */
                            expiresAt: string;
                        };
                        created: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `usage-limit-reached`: The plan has no more of this for this month */
            402: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-exists`: A document has this externalId; `quota-exceeded`: The tenant's storage quota is exceeded; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-too-large`: The document is too large; `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `url-not-allowed`: The address may not be called; `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    bulkDocuments: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "cancel",
                 *       "documentIds": [
                 *         "doc_01j9x00000e008000000000003"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    action: "cancel" | "retry" | "delete" | "restore";
                    documentIds: string[];
                };
            };
        };
        responses: {
            /** @description What became of each, in the order given */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "documentId": "doc_01j9x00000e008000000000003",
                     *           "status": "failed",
                     *           "problem": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            documentId: string;
                            status: string | null;
                            problem: {
                                code: string;
                                detail: string;
                            } | null;
                        }[];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countDocuments: {
        parameters: {
            query?: {
                status?: "awaiting_upload" | "queued" | "processing" | "ready" | "failed" | "deleting";
                externalId?: string;
                collectionId?: string;
                warning?: "hidden-text-left-out" | "hidden-sheets-left-out" | "hidden-cells-left-out" | "hidden-slides-left-out" | "comments-left-out" | "deleted-text-left-out" | "prompts-left-out" | "readings-left-out" | "pages-without-text" | "pages-undecodable" | "images-unread" | "attachment-unread" | "embedded-object-unread" | "bytes-replaced" | "formula-uncached" | "lines-malformed" | "navigation-left-out";
                readerVersionBelow?: "current" | number;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "count": 3
                     *     }
                     */
                    "application/json": {
                        count: number;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: {
                waitSeconds?: number | null;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000001",
                     *       "name": "agreement.md",
                     *       "contentType": "text/markdown",
                     *       "sizeBytes": 159,
                     *       "sha256": "2bb7e45ccdf2330d183e1bdf03a2785fa60fc7d95df26cc4729ba941acf497ce",
                     *       "status": "ready",
                     *       "stage": null,
                     *       "stageTimings": {
                     *         "chunking": 14,
                     *         "indexing": 52,
                     *         "embedding": 33,
                     *         "extracting": 647
                     *       },
                     *       "failure": null,
                     *       "version": 1,
                     *       "liveVersion": 1,
                     *       "pages": null,
                     *       "chunks": 2,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": 3,
                     *       "metadata": {},
                     *       "externalId": null,
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:22.000Z",
                     *       "updatedAt": "2027-03-01T09:00:23.000Z",
                     *       "readyAt": "2027-03-01T09:00:23.000Z",
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleting */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000002",
                     *       "name": "warranty.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 38,
                     *       "sha256": "c69efdeb458f87e6e18d875ecfaeae9b33b16658e2ac0271476f8ef1250008f8",
                     *       "status": "deleting",
                     *       "stage": null,
                     *       "stageTimings": {
                     *         "chunking": 0,
                     *         "indexing": 78,
                     *         "embedding": 70,
                     *         "extracting": 33
                     *       },
                     *       "failure": null,
                     *       "version": 2,
                     *       "liveVersion": 2,
                     *       "pages": null,
                     *       "chunks": 1,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": 3,
                     *       "metadata": {
                     *         "department": "service"
                     *       },
                     *       "externalId": "warranty-2027",
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:35.000Z",
                     *       "updatedAt": "2027-03-01T09:00:40.000Z",
                     *       "readyAt": "2027-03-01T09:00:38.000Z",
                     *       "purgeAt": "2027-03-08T09:00:40.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "metadata": {
                 *         "department": "service"
                 *       }
                 *     }
                 */
                "application/json": {
                    name?: string;
                    metadata?: {
                        [key: string]: unknown;
                    };
                    externalId?: string | null;
                    collectionId?: string | null;
                    reading?: {
                        /** @enum {string} */
                        hiddenText: "leave-out" | "index";
                    } | null;
                };
            };
        };
        responses: {
            /** @description The document */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000002",
                     *       "name": "warranty.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 36,
                     *       "sha256": "0903483d3794bd2ea6ca498e35f5e6217b62ec2dd7e5664091a44372935d06e0",
                     *       "status": "ready",
                     *       "stage": null,
                     *       "stageTimings": {
                     *         "chunking": 0,
                     *         "indexing": 86,
                     *         "embedding": 60,
                     *         "extracting": 36
                     *       },
                     *       "failure": null,
                     *       "version": 1,
                     *       "liveVersion": 1,
                     *       "pages": null,
                     *       "chunks": 1,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": 3,
                     *       "metadata": {
                     *         "department": "service"
                     *       },
                     *       "externalId": "warranty-2027",
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:35.000Z",
                     *       "updatedAt": "2027-03-01T09:00:37.000Z",
                     *       "readyAt": "2027-03-01T09:00:36.000Z",
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-exists`: A document has this externalId */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDocumentVersions: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ver_01j9x00000e008000000000001",
                     *           "version": 2,
                     *           "sizeBytes": 38,
                     *           "sha256": "c69efdeb458f87e6e18d875ecfaeae9b33b16658e2ac0271476f8ef1250008f8",
                     *           "sourceUrl": null,
                     *           "isLive": false,
                     *           "readerVersion": null,
                     *           "pages": null,
                     *           "createdAt": "2027-03-01T09:00:37.000Z",
                     *           "storedAt": "2027-03-01T09:00:37.000Z"
                     *         },
                     *         {
                     *           "id": "ver_01j9x00000e008000000000002",
                     *           "version": 1,
                     *           "sizeBytes": 36,
                     *           "sha256": "0903483d3794bd2ea6ca498e35f5e6217b62ec2dd7e5664091a44372935d06e0",
                     *           "sourceUrl": null,
                     *           "isLive": true,
                     *           "readerVersion": 3,
                     *           "pages": null,
                     *           "createdAt": "2027-03-01T09:00:35.000Z",
                     *           "storedAt": "2027-03-01T09:00:35.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["DocumentVersion"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createDocumentVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "The warranty of a lens is three years."
                 *     }
                 */
                "application/json": components["schemas"]["NewUploadVersion"] | components["schemas"]["NewTextVersion"] | components["schemas"]["NewUrlVersion"];
            };
        };
        responses: {
            /** @description These very bytes are there already */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        document: components["schemas"]["Document"];
                        upload?: {
                            /** @enum {string} */
                            method: "PUT";
                            url: string;
                            headers: {
                                [key: string]: string;
                            };
                            /** Format: date-time */
                            expiresAt: string;
                        };
                        created: boolean;
                    };
                };
            };
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "document": {
                     *         "id": "doc_01j9x00000e008000000000002",
                     *         "name": "warranty.txt",
                     *         "contentType": "text/plain; charset=utf-8",
                     *         "sizeBytes": 38,
                     *         "sha256": "c69efdeb458f87e6e18d875ecfaeae9b33b16658e2ac0271476f8ef1250008f8",
                     *         "status": "queued",
                     *         "stage": null,
                     *         "stageTimings": {},
                     *         "failure": null,
                     *         "version": 2,
                     *         "liveVersion": 1,
                     *         "pages": null,
                     *         "chunks": 1,
                     *         "warnings": [],
                     *         "reading": null,
                     *         "readerVersion": 3,
                     *         "metadata": {
                     *           "department": "service"
                     *         },
                     *         "externalId": "warranty-2027",
                     *         "duplicateOf": null,
                     *         "collectionId": null,
                     *         "createdAt": "2027-03-01T09:00:35.000Z",
                     *         "updatedAt": "2027-03-01T09:00:37.000Z",
                     *         "readyAt": "2027-03-01T09:00:36.000Z",
                     *         "purgeAt": null
                     *       },
                     *       "created": true
                     *     }
                     */
                    "application/json": {
                        document: components["schemas"]["Document"];
                        upload?: {
                            /** @enum {string} */
                            method: "PUT";
                            url: string;
                            headers: {
                                [key: string]: string;
                            };
                            /** Format: date-time */
                            expiresAt: string;
                        };
                        created: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `usage-limit-reached`: The plan has no more of this for this month */
            402: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-conflict`: The document's state does not allow this; `document-exists`: A document has this externalId; `quota-exceeded`: The tenant's storage quota is exceeded; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-too-large`: The document is too large; `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `url-not-allowed`: The address may not be called; `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000002",
                     *       "name": "warranty.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 36,
                     *       "sha256": null,
                     *       "status": "queued",
                     *       "stage": null,
                     *       "stageTimings": {},
                     *       "failure": null,
                     *       "version": 1,
                     *       "liveVersion": null,
                     *       "pages": null,
                     *       "chunks": 0,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": null,
                     *       "metadata": {
                     *         "department": "sales"
                     *       },
                     *       "externalId": "warranty-2027",
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:35.000Z",
                     *       "updatedAt": "2027-03-01T09:00:35.000Z",
                     *       "readyAt": null,
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload-missing`: The bytes have not arrived; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000003",
                     *       "name": "unsent.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 10,
                     *       "sha256": null,
                     *       "status": "awaiting_upload",
                     *       "stage": null,
                     *       "stageTimings": {},
                     *       "failure": null,
                     *       "version": 1,
                     *       "liveVersion": null,
                     *       "pages": null,
                     *       "chunks": 0,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": null,
                     *       "metadata": {},
                     *       "externalId": null,
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:39.000Z",
                     *       "updatedAt": "2027-03-01T09:00:39.000Z",
                     *       "readyAt": null,
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-conflict`: The document's state does not allow this; `upload-missing`: The bytes have not arrived; `quota-exceeded`: The tenant's storage quota is exceeded; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000003",
                     *       "name": "unsent.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 10,
                     *       "sha256": null,
                     *       "status": "failed",
                     *       "stage": null,
                     *       "stageTimings": {},
                     *       "failure": {
                     *         "code": "cancelled",
                     *         "message": "Processing was cancelled.",
                     *         "hint": "Retry to process the document.",
                     *         "retryable": true
                     *       },
                     *       "version": 1,
                     *       "liveVersion": null,
                     *       "pages": null,
                     *       "chunks": 0,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": null,
                     *       "metadata": {},
                     *       "externalId": null,
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:39.000Z",
                     *       "updatedAt": "2027-03-01T09:00:39.000Z",
                     *       "readyAt": null,
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-conflict`: The document's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "doc_01j9x00000e008000000000002",
                     *       "name": "warranty.txt",
                     *       "contentType": "text/plain",
                     *       "sizeBytes": 38,
                     *       "sha256": "c69efdeb458f87e6e18d875ecfaeae9b33b16658e2ac0271476f8ef1250008f8",
                     *       "status": "ready",
                     *       "stage": null,
                     *       "stageTimings": {
                     *         "chunking": 0,
                     *         "indexing": 78,
                     *         "embedding": 70,
                     *         "extracting": 33
                     *       },
                     *       "failure": null,
                     *       "version": 2,
                     *       "liveVersion": 2,
                     *       "pages": null,
                     *       "chunks": 1,
                     *       "warnings": [],
                     *       "reading": null,
                     *       "readerVersion": 3,
                     *       "metadata": {
                     *         "department": "service"
                     *       },
                     *       "externalId": "warranty-2027",
                     *       "duplicateOf": null,
                     *       "collectionId": null,
                     *       "createdAt": "2027-03-01T09:00:35.000Z",
                     *       "updatedAt": "2027-03-01T09:00:40.000Z",
                     *       "readyAt": "2027-03-01T09:00:38.000Z",
                     *       "purgeAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `document-conflict`: The document's state does not allow this; `document-exists`: A document has this externalId; `collection-deleted`: The document's collection was deleted; `quota-exceeded`: The tenant's storage quota is exceeded; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocumentText: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "text": "The warranty of a lens is two years."
                     *     }
                     */
                    "application/json": {
                        text: string;
                    };
                };
            };
            /** @description Where the same JSON is, for 60 seconds, when it is larger than a response of 6 MB */
            302: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChunks: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: number | null;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "chk_01j9x00000e008000000000001",
                     *           "ordinal": 0,
                     *           "text": "The warranty of a lens is two years.",
                     *           "page": null,
                     *           "context": null,
                     *           "sheet": null,
                     *           "cells": null,
                     *           "headings": [],
                     *           "charStart": 0,
                     *           "charEnd": 36,
                     *           "tokens": 9
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Chunk"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadDocument: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `doc_01j…` */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where the original is */
            302: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload-missing`: The bytes have not arrived */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "query": "notice period",
                 *       "limit": 2
                 *     }
                 */
                "application/json": components["schemas"]["SearchQuery"];
            };
        };
        responses: {
            /** @description Hits, best first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "score": 0.8409888748644092,
                     *           "scores": {
                     *             "keyword": 2.245818614959717,
                     *             "vector": 0.3100728202982117
                     *           },
                     *           "document": {
                     *             "id": "doc_01j9x00000e008000000000001",
                     *             "name": "agreement.md",
                     *             "metadata": {}
                     *           },
                     *           "chunk": {
                     *             "id": "chk_01j9x00000e008000000000002",
                     *             "text": "Supply agreement\n\nTerm\n\nThe agreement with Halden Optics has a notice period of three months.",
                     *             "page": null,
                     *             "context": null,
                     *             "sheet": null,
                     *             "cells": null,
                     *             "headings": [
                     *               "Supply agreement",
                     *               "Term"
                     *             ],
                     *             "charStart": 0,
                     *             "charEnd": 93
                     *           },
                     *           "highlights": [
                     *             [
                     *               63,
                     *               69
                     *             ],
                     *             [
                     *               70,
                     *               76
                     *             ]
                     *           ]
                     *         },
                     *         {
                     *           "score": 6.119555973072011e-10,
                     *           "scores": {
                     *             "vector": 0.014921113428149169
                     *           },
                     *           "document": {
                     *             "id": "doc_01j9x00000e008000000000002",
                     *             "name": "warranty.txt",
                     *             "metadata": {
                     *               "department": "service"
                     *             }
                     *           },
                     *           "chunk": {
                     *             "id": "chk_01j9x00000e008000000000003",
                     *             "text": "The warranty of a lens is three years.",
                     *             "page": null,
                     *             "context": null,
                     *             "sheet": null,
                     *             "cells": null,
                     *             "headings": [],
                     *             "charStart": 0,
                     *             "charEnd": 38
                     *           },
                     *           "highlights": []
                     *         }
                     *       ],
                     *       "timingsMs": {
                     *         "embed": 358.1,
                     *         "query": 110.2
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `usage-limit-reached`: The plan has no more of this for this month */
            402: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "question": "What is the notice period?"
                 *     }
                 */
                "application/json": components["schemas"]["AnswerQuery"];
            };
        };
        responses: {
            /** @description The answer, or why there is none */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "answer": "The agreement with Halden Optics has a notice period of three months.",
                     *       "support": 0.849,
                     *       "supportMin": 0.5,
                     *       "citations": [
                     *         {
                     *           "documentId": "doc_01j9x00000e008000000000001",
                     *           "documentName": "agreement.md",
                     *           "versionCreatedAt": "2027-03-01T09:00:22.000Z",
                     *           "chunkId": "chk_01j9x00000e008000000000002",
                     *           "headings": [
                     *             "Supply agreement",
                     *             "Term"
                     *           ],
                     *           "page": null,
                     *           "sheet": null,
                     *           "cells": null,
                     *           "charStart": 24,
                     *           "charEnd": 93,
                     *           "quote": "The agreement with Halden Optics has a notice period of three months.",
                     *           "support": 0.849,
                     *           "words": [
                     *             "notice",
                     *             "period"
                     *           ],
                     *           "wordsAround": [],
                     *           "missing": [],
                     *           "lacks": null,
                     *           "excludedBy": null
                     *         }
                     *       ],
                     *       "provider": "extractive"
                     *     }
                     */
                    "application/json": components["schemas"]["Answer"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `usage-limit-reached`: The plan has no more of this for this month */
            402: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";
                type?: "reembed" | "reindex" | "index" | "check" | "prune" | "reweigh" | "purge" | "recover";
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "job_01j9x00000e008000000000001",
                     *           "type": "reindex",
                     *           "status": "cancelled",
                     *           "params": {},
                     *           "progress": {
                     *             "done": 0,
                     *             "total": 3,
                     *             "unit": "documents",
                     *             "ratePerSecond": null,
                     *             "etaSeconds": null
                     *           },
                     *           "result": null,
                     *           "failure": null,
                     *           "createdAt": "2027-03-01T09:00:41.000Z",
                     *           "startedAt": "2027-03-01T09:00:42.000Z",
                     *           "finishedAt": "2027-03-01T09:00:42.000Z",
                     *           "updatedAt": "2027-03-01T09:00:42.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Job"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "reindex"
                 *     }
                 */
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /** @description Queued */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job": {
                     *         "id": "job_01j9x00000e008000000000001",
                     *         "type": "reindex",
                     *         "status": "queued",
                     *         "params": {},
                     *         "progress": {
                     *           "done": 0,
                     *           "total": null,
                     *           "unit": "documents",
                     *           "ratePerSecond": null,
                     *           "etaSeconds": null
                     *         },
                     *         "result": null,
                     *         "failure": null,
                     *         "createdAt": "2027-03-01T09:00:41.000Z",
                     *         "startedAt": null,
                     *         "finishedAt": null,
                     *         "updatedAt": "2027-03-01T09:00:41.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        job: components["schemas"]["Job"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `job-conflict`: The job's state does not allow this; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: {
                waitSeconds?: number | null;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `job_01j…` */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_01j9x00000e008000000000001",
                     *       "type": "reindex",
                     *       "status": "queued",
                     *       "params": {},
                     *       "progress": {
                     *         "done": 0,
                     *         "total": null,
                     *         "unit": "documents",
                     *         "ratePerSecond": null,
                     *         "etaSeconds": null
                     *       },
                     *       "result": null,
                     *       "failure": null,
                     *       "createdAt": "2027-03-01T09:00:41.000Z",
                     *       "startedAt": "2027-03-01T09:00:42.000Z",
                     *       "finishedAt": null,
                     *       "updatedAt": "2027-03-01T09:00:42.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `job_01j…` */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_01j9x00000e008000000000001",
                     *       "type": "reindex",
                     *       "status": "paused",
                     *       "params": {},
                     *       "progress": {
                     *         "done": 0,
                     *         "total": null,
                     *         "unit": "documents",
                     *         "ratePerSecond": null,
                     *         "etaSeconds": null
                     *       },
                     *       "result": null,
                     *       "failure": null,
                     *       "createdAt": "2027-03-01T09:00:41.000Z",
                     *       "startedAt": "2027-03-01T09:00:42.000Z",
                     *       "finishedAt": null,
                     *       "updatedAt": "2027-03-01T09:00:42.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `job-conflict`: The job's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `job_01j…` */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_01j9x00000e008000000000001",
                     *       "type": "reindex",
                     *       "status": "queued",
                     *       "params": {},
                     *       "progress": {
                     *         "done": 0,
                     *         "total": null,
                     *         "unit": "documents",
                     *         "ratePerSecond": null,
                     *         "etaSeconds": null
                     *       },
                     *       "result": null,
                     *       "failure": null,
                     *       "createdAt": "2027-03-01T09:00:41.000Z",
                     *       "startedAt": "2027-03-01T09:00:42.000Z",
                     *       "finishedAt": null,
                     *       "updatedAt": "2027-03-01T09:00:42.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `job-conflict`: The job's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `job_01j…` */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "job_01j9x00000e008000000000001",
                     *       "type": "reindex",
                     *       "status": "cancelled",
                     *       "params": {},
                     *       "progress": {
                     *         "done": 0,
                     *         "total": 3,
                     *         "unit": "documents",
                     *         "ratePerSecond": null,
                     *         "etaSeconds": null
                     *       },
                     *       "result": null,
                     *       "failure": null,
                     *       "createdAt": "2027-03-01T09:00:41.000Z",
                     *       "startedAt": "2027-03-01T09:00:42.000Z",
                     *       "finishedAt": "2027-03-01T09:00:42.000Z",
                     *       "updatedAt": "2027-03-01T09:00:42.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `job-conflict`: The job's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                /** @description Who did it, as entries name actors */
                actor?: string;
                /** @description Actions, separated by commas */
                actions?: string;
                /** @description The id or the name of the object */
                subject?: string;
                /** @description Entries of this time or later */
                from?: string;
                /** @description Entries before this time */
                to?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "aud_01j9x00000e008000000000001",
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "sequence": 21,
                     *           "actor": "apiKey:key_01j9x00000e008000000000001",
                     *           "action": "apikey.revoke",
                     *           "subject": "key_01j9x00000e008000000000002",
                     *           "detail": {},
                     *           "requestId": "req_01j9x00000e008000000000001",
                     *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000001",
                     *           "hash": "0000000000000000000000000000000000000000000000000000000000000002",
                     *           "createdAt": "2027-03-01T09:00:14.000Z"
                     *         },
                     *         {
                     *           "id": "aud_01j9x00000e008000000000002",
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "sequence": 18,
                     *           "actor": "apiKey:key_01j9x00000e008000000000001",
                     *           "action": "apikey.create",
                     *           "subject": "key_01j9x00000e008000000000002",
                     *           "detail": {
                     *             "name": "search of the intranet",
                     *             "role": "readonly"
                     *           },
                     *           "requestId": "req_01j9x00000e008000000000002",
                     *           "previousHash": "0000000000000000000000000000000000000000000000000000000000000003",
                     *           "hash": "0000000000000000000000000000000000000000000000000000000000000004",
                     *           "createdAt": "2027-03-01T09:00:14.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description By default from the oldest event that is left */
                after?: number | null;
                limit?: number;
                cursor?: number | null;
                /** @description Reads after the position of this event cursor */
                cursorName?: string;
                /** @description Types, separated by commas */
                types?: string;
                waitSeconds?: number | null;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "evt_01j9x00000e008000000000001",
                     *           "type": "tenant.created",
                     *           "version": 1,
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "sequence": 1,
                     *           "occurredAt": "2027-03-01T09:00:00.000Z",
                     *           "actor": "apiKey:key_01j9x00000e008000000000003",
                     *           "subject": {
                     *             "type": "tenant",
                     *             "id": "ten_01j9x00000e008000000000001"
                     *           },
                     *           "data": {
                     *             "name": "Halden Optics",
                     *             "plan": "team",
                     *             "slug": "halden-optics-3k7q2m"
                     *           },
                     *           "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                     *         },
                     *         {
                     *           "id": "evt_01j9x00000e008000000000002",
                     *           "type": "member.invited",
                     *           "version": 1,
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "sequence": 2,
                     *           "occurredAt": "2027-03-01T09:00:01.000Z",
                     *           "actor": "apiKey:key_01j9x00000e008000000000003",
                     *           "subject": {
                     *             "type": "invitation",
                     *             "id": "inv_01j9x00000e008000000000002"
                     *           },
                     *           "data": {
                     *             "role": "tenant_admin"
                     *           },
                     *           "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                     *         }
                     *       ],
                     *       "nextCursor": "2",
                     *       "hasMore": true,
                     *       "lastSequence": 2
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Event"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                        lastSequence: number;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `events-expired`: These events are no longer in the log */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEventCursors: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most a hundred */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "name": "crm",
                     *           "sequence": 2,
                     *           "behind": 39,
                     *           "createdAt": "2027-03-01T09:00:43.000Z",
                     *           "updatedAt": "2027-03-01T09:00:43.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["EventCursor"][];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEventCursor: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                cursorName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cursor */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "crm",
                     *       "sequence": 2,
                     *       "behind": 39,
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:43.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventCursor"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setEventCursor: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                cursorName: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sequence": 0
                 *     }
                 */
                "application/json": {
                    sequence: number;
                };
            };
        };
        responses: {
            /** @description The cursor */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "crm",
                     *       "sequence": 0,
                     *       "behind": 41,
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:43.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventCursor"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `limit-reached`: The tenant has as many of these as it may have */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEventCursor: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                cursorName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    commitEventCursor: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                cursorName: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sequence": 2
                 *     }
                 */
                "application/json": {
                    sequence: number;
                    expected?: number;
                };
            };
        };
        responses: {
            /** @description The cursor */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "crm",
                     *       "sequence": 2,
                     *       "behind": 39,
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:43.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventCursor"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `event-cursor-conflict`: The cursor is further than this; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEventTypes: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "type": "apikey.created",
                     *           "version": 1,
                     *           "summary": "An API key was created.",
                     *           "subjectType": "apiKey",
                     *           "schema": {
                     *             "type": "object",
                     *             "properties": {
                     *               "name": {
                     *                 "type": "string"
                     *               },
                     *               "role": {
                     *                 "type": "string"
                     *               }
                     *             },
                     *             "required": [
                     *               "name",
                     *               "role"
                     *             ]
                     *           },
                     *           "sample": {
                     *             "name": "ci",
                     *             "role": "user"
                     *           }
                     *         },
                     *         {
                     *           "type": "apikey.revoked",
                     *           "version": 1,
                     *           "summary": "An API key was revoked. Requests with it get the status 401.",
                     *           "subjectType": "apiKey",
                     *           "schema": {
                     *             "type": "object",
                     *             "properties": {}
                     *           },
                     *           "sample": {}
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: {
                            type: string;
                            version: number;
                            summary: string;
                            subjectType: string;
                            schema: {
                                [key: string]: unknown;
                            };
                            sample: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEventType: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The type */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "document.ready",
                     *       "version": 1,
                     *       "summary": "This version of the document is live.",
                     *       "subjectType": "document",
                     *       "schema": {
                     *         "type": "object",
                     *         "properties": {
                     *           "version": {
                     *             "type": "integer"
                     *           },
                     *           "chunks": {
                     *             "type": "integer"
                     *           },
                     *           "pages": {
                     *             "anyOf": [
                     *               {
                     *                 "type": "integer"
                     *               },
                     *               {
                     *                 "type": "null"
                     *               }
                     *             ]
                     *           },
                     *           "warnings": {
                     *             "type": "array",
                     *             "items": {
                     *               "type": "object",
                     *               "properties": {
                     *                 "code": {
                     *                   "type": "string"
                     *                 },
                     *                 "count": {
                     *                   "type": "integer"
                     *                 }
                     *               },
                     *               "required": [
                     *                 "code",
                     *                 "count"
                     *               ]
                     *             }
                     *           }
                     *         },
                     *         "required": [
                     *           "version",
                     *           "chunks"
                     *         ]
                     *       },
                     *       "sample": {
                     *         "version": 1,
                     *         "chunks": 42,
                     *         "pages": 12,
                     *         "warnings": [
                     *           {
                     *             "code": "comments-left-out",
                     *             "count": 3
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": {
                        type: string;
                        version: number;
                        summary: string;
                        subjectType: string;
                        schema: {
                            [key: string]: unknown;
                        };
                        sample: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "whk_01j9x00000e008000000000002",
                     *           "url": "https://hooks.halden.example/resolve",
                     *           "eventBridge": null,
                     *           "eventTypes": [
                     *             "document.ready"
                     *           ],
                     *           "filter": null,
                     *           "ordered": false,
                     *           "maxPerSecond": null,
                     *           "maxConcurrency": 10,
                     *           "status": "enabled",
                     *           "disabledReason": null,
                     *           "owner": "apiKey:key_01j9x00000e008000000000001",
                     *           "createdAt": "2027-03-01T09:00:43.000Z",
                     *           "updatedAt": "2027-03-01T09:00:43.000Z"
                     *         },
                     *         {
                     *           "id": "whk_01j9x00000e008000000000001",
                     *           "url": "https://hooks.halden.example/resolve",
                     *           "eventBridge": null,
                     *           "eventTypes": [
                     *             "document.ready",
                     *             "document.failed"
                     *           ],
                     *           "filter": null,
                     *           "ordered": false,
                     *           "maxPerSecond": null,
                     *           "maxConcurrency": 10,
                     *           "status": "enabled",
                     *           "disabledReason": null,
                     *           "owner": "system:onboarding",
                     *           "createdAt": "2027-03-01T09:00:01.000Z",
                     *           "updatedAt": "2027-03-01T09:00:01.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.halden.example/resolve",
                 *       "eventTypes": [
                 *         "document.ready"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "whk_01j9x00000e008000000000002",
                     *         "url": "https://hooks.halden.example/resolve",
                     *         "eventBridge": null,
                     *         "eventTypes": [
                     *           "document.ready"
                     *         ],
                     *         "filter": null,
                     *         "ordered": false,
                     *         "maxPerSecond": null,
                     *         "maxConcurrency": 10,
                     *         "status": "enabled",
                     *         "disabledReason": null,
                     *         "owner": "apiKey:key_01j9x00000e008000000000001",
                     *         "createdAt": "2027-03-01T09:00:43.000Z",
                     *         "updatedAt": "2027-03-01T09:00:43.000Z"
                     *       },
                     *       "secret": "whsec_…"
                     *     }
                     */
                    "application/json": {
                        webhook: components["schemas"]["Webhook"];
                        secret: string;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role-in-use`: The role belongs to another endpoint; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `url-not-allowed`: The address may not be called; `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_01j9x00000e008000000000002",
                     *       "url": "https://hooks.halden.example/resolve",
                     *       "eventBridge": null,
                     *       "eventTypes": [
                     *         "document.ready"
                     *       ],
                     *       "filter": null,
                     *       "ordered": false,
                     *       "maxPerSecond": null,
                     *       "maxConcurrency": 10,
                     *       "status": "enabled",
                     *       "disabledReason": null,
                     *       "owner": "apiKey:key_01j9x00000e008000000000001",
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:43.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description An `ETag` of the resource. The request is refused with 412 when the resource has changed since then. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "headers": {
                 *         "x-team": "sales"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookChanges"];
            };
        };
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    /** @description The state of the resource, for `If-Match`. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_01j9x00000e008000000000002",
                     *       "url": "https://hooks.halden.example/resolve",
                     *       "eventBridge": null,
                     *       "eventTypes": [
                     *         "document.ready"
                     *       ],
                     *       "filter": null,
                     *       "ordered": false,
                     *       "maxPerSecond": null,
                     *       "maxConcurrency": 10,
                     *       "status": "enabled",
                     *       "disabledReason": null,
                     *       "owner": "apiKey:key_01j9x00000e008000000000001",
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:44.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `role-in-use`: The role belongs to another endpoint */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition-failed`: The resource has changed */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `url-not-allowed`: The address may not be called */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_01j9x00000e008000000000002",
                     *       "url": "https://hooks.halden.example/resolve",
                     *       "eventBridge": null,
                     *       "eventTypes": [
                     *         "document.ready"
                     *       ],
                     *       "filter": null,
                     *       "ordered": false,
                     *       "maxPerSecond": null,
                     *       "maxConcurrency": 10,
                     *       "status": "enabled",
                     *       "disabledReason": null,
                     *       "owner": "apiKey:key_01j9x00000e008000000000001",
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:45.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-conflict`: The webhook's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_01j9x00000e008000000000002",
                     *       "url": "https://hooks.halden.example/resolve",
                     *       "eventBridge": null,
                     *       "eventTypes": [
                     *         "document.ready"
                     *       ],
                     *       "filter": null,
                     *       "ordered": false,
                     *       "maxPerSecond": null,
                     *       "maxConcurrency": 10,
                     *       "status": "disabled",
                     *       "disabledReason": "disabled by the tenant",
                     *       "owner": "apiKey:key_01j9x00000e008000000000001",
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:44.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-conflict`: The webhook's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["SecretRotation"];
            };
        };
        responses: {
            /** @description The new secret, shown once */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "whk_01j9x00000e008000000000002",
                     *         "url": "https://hooks.halden.example/resolve",
                     *         "eventBridge": null,
                     *         "eventTypes": [
                     *           "document.ready"
                     *         ],
                     *         "filter": null,
                     *         "ordered": false,
                     *         "maxPerSecond": null,
                     *         "maxConcurrency": 10,
                     *         "status": "enabled",
                     *         "disabledReason": null,
                     *         "owner": "apiKey:key_01j9x00000e008000000000001",
                     *         "createdAt": "2027-03-01T09:00:43.000Z",
                     *         "updatedAt": "2027-03-01T09:00:44.000Z"
                     *       },
                     *       "secret": "whsec_…"
                     *     }
                     */
                    "application/json": {
                        webhook: components["schemas"]["Webhook"];
                        secret: string;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint and its delivery */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_01j9x00000e008000000000002",
                     *       "url": "https://hooks.halden.example/resolve",
                     *       "eventBridge": null,
                     *       "eventTypes": [
                     *         "document.ready"
                     *       ],
                     *       "filter": null,
                     *       "ordered": false,
                     *       "maxPerSecond": null,
                     *       "maxConcurrency": 10,
                     *       "status": "enabled",
                     *       "disabledReason": null,
                     *       "owner": "apiKey:key_01j9x00000e008000000000001",
                     *       "createdAt": "2027-03-01T09:00:43.000Z",
                     *       "updatedAt": "2027-03-01T09:00:45.000Z",
                     *       "deliveryId": "dlv_01j9x00000e008000000000001"
                     *     }
                     */
                    "application/json": components["schemas"]["TestedWebhook"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-conflict`: The webhook's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                status?: "pending" | "held" | "delivered" | "failed";
                eventType?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "dlv_01j9x00000e008000000000001",
                     *           "webhookId": "whk_01j9x00000e008000000000002",
                     *           "eventId": "evt_01j9x00000e008000000000003",
                     *           "eventType": "webhook.test",
                     *           "status": "pending",
                     *           "sequence": 44,
                     *           "attempts": 0,
                     *           "statusCode": null,
                     *           "cause": null,
                     *           "durationMs": null,
                     *           "nextAttemptAt": "2027-03-01T09:00:45.000Z",
                     *           "createdAt": "2027-03-01T09:00:45.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["WebhookDelivery"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attempts": 2,
                     *       "succeeded": 2,
                     *       "successRate": 1,
                     *       "p50Ms": 11,
                     *       "p95Ms": 13,
                     *       "pending": 0,
                     *       "held": 0,
                     *       "oldestPendingAt": null,
                     *       "failures": 0,
                     *       "failingSince": null,
                     *       "disablesAt": null,
                     *       "pausedUntil": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookMetrics"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recoverWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2027-03-01T08:00:46.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookRecovery"];
            };
        };
        responses: {
            /** @description Queued */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job": {
                     *         "id": "job_01j9x00000e008000000000002",
                     *         "type": "recover",
                     *         "status": "queued",
                     *         "params": {
                     *           "after": 0,
                     *           "until": 46,
                     *           "webhookId": "whk_01j9x00000e008000000000002",
                     *           "ratePerSecond": 100,
                     *           "withDelivered": false
                     *         },
                     *         "progress": {
                     *           "done": 0,
                     *           "total": null,
                     *           "unit": "events",
                     *           "ratePerSecond": null,
                     *           "etaSeconds": null
                     *         },
                     *         "result": null,
                     *         "failure": null,
                     *         "createdAt": "2027-03-01T09:00:46.000Z",
                     *         "startedAt": null,
                     *         "finishedAt": null,
                     *         "updatedAt": "2027-03-01T09:00:46.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        job: components["schemas"]["Job"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-conflict`: The webhook's state does not allow this; `job-conflict`: The job's state does not allow this; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `whk_01j…` */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "after": 0
                 *     }
                 */
                "application/json": components["schemas"]["WebhookReplay"];
            };
        };
        responses: {
            /** @description Queued */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job": {
                     *         "id": "job_01j9x00000e008000000000003",
                     *         "type": "recover",
                     *         "status": "queued",
                     *         "params": {
                     *           "after": 0,
                     *           "until": 48,
                     *           "webhookId": "whk_01j9x00000e008000000000002",
                     *           "ratePerSecond": 100,
                     *           "withDelivered": true
                     *         },
                     *         "progress": {
                     *           "done": 0,
                     *           "total": null,
                     *           "unit": "events",
                     *           "ratePerSecond": null,
                     *           "etaSeconds": null
                     *         },
                     *         "result": null,
                     *         "failure": null,
                     *         "createdAt": "2027-03-01T09:00:49.000Z",
                     *         "startedAt": null,
                     *         "finishedAt": null,
                     *         "updatedAt": "2027-03-01T09:00:49.000Z"
                     *       }
                     *     }
                     */
                    "application/json": {
                        job: components["schemas"]["Job"];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook-conflict`: The webhook's state does not allow this; `job-conflict`: The job's state does not allow this; `limit-reached`: The tenant has as many of these as it may have; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description An id like `dlv_01j…` */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_01j9x00000e008000000000001",
                     *       "webhookId": "whk_01j9x00000e008000000000002",
                     *       "eventId": "evt_01j9x00000e008000000000003",
                     *       "eventType": "webhook.test",
                     *       "status": "pending",
                     *       "sequence": 44,
                     *       "attempts": 1,
                     *       "statusCode": 204,
                     *       "cause": null,
                     *       "durationMs": 13,
                     *       "nextAttemptAt": "2027-03-01T09:00:46.000Z",
                     *       "createdAt": "2027-03-01T09:00:45.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `delivery-conflict`: The delivery's state does not allow this; `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `dlv_01j…` */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_01j9x00000e008000000000001",
                     *       "webhookId": "whk_01j9x00000e008000000000002",
                     *       "eventId": "evt_01j9x00000e008000000000003",
                     *       "eventType": "webhook.test",
                     *       "status": "delivered",
                     *       "sequence": 44,
                     *       "attempts": 1,
                     *       "statusCode": 204,
                     *       "cause": null,
                     *       "durationMs": 13,
                     *       "nextAttemptAt": null,
                     *       "createdAt": "2027-03-01T09:00:45.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path: {
                /** @description An id like `dlv_01j…` */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last hundred */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "number": 1,
                     *           "statusCode": 204,
                     *           "cause": null,
                     *           "durationMs": 13,
                     *           "response": "",
                     *           "attemptedAt": "2027-03-01T09:00:45.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["WebhookAttempt"][];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listParkedWork: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["ParkedWork"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseParkedWork: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "outbox:webhook-delivery:01920000-0000-7000-8000-000000000001"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ParkedWorkRelease"];
            };
        };
        responses: {
            /** @description How many were released */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "released": 0
                     *     }
                     */
                    "application/json": {
                        released: number;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetterQueues: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "name": "document-processing",
                     *           "kind": "queue",
                     *           "messages": 0,
                     *           "hidden": 0
                     *         },
                     *         {
                     *           "name": "event-published",
                     *           "kind": "rule",
                     *           "messages": 0,
                     *           "hidden": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["DeadLetterQueue"][];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description A queue or a rule, as `GET /v1/platform/dead-letters` lists them */
                queueName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [],
                     *       "nextCursor": null,
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["DeadLetter"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A queue or a rule, as `GET /v1/platform/dead-letters` lists them */
                queueName: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messages": [
                 *         "01920000-0000-7000-8000-000000000002"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["DeadLetterSelection"];
            };
        };
        responses: {
            /** @description What was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "done": [],
                     *       "refused": [
                     *         {
                     *           "id": "01920000-0000-7000-8000-000000000002",
                     *           "reason": "The queue has no such message at present."
                     *         }
                     *       ],
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterResult"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    purgeDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A queue or a rule, as `GET /v1/platform/dead-letters` lists them */
                queueName: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messages": [
                 *         "01920000-0000-7000-8000-000000000003"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["DeadLetterSelection"];
            };
        };
        responses: {
            /** @description What was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "done": [],
                     *       "refused": [
                     *         {
                     *           "id": "01920000-0000-7000-8000-000000000003",
                     *           "reason": "The queue has no such message at present."
                     *         }
                     *       ],
                     *       "hasMore": false
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterResult"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPartitions: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "table": "audit_log",
                     *           "month": "2026-11",
                     *           "sizeBytes": 24576
                     *         },
                     *         {
                     *           "table": "document_versions",
                     *           "month": "2026-11",
                     *           "sizeBytes": 65536
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["Partition"][];
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProofKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kty": "OKP",
                     *           "crv": "Ed25519",
                     *           "x": "7vEuQE2pUclJv4M89JkVzqJLAIifAfSkzVBjl1x_Ne8",
                     *           "kid": "h1aV1VjDDjoReCu85XAKOYS3oPOCxL6baby-atxqoOc",
                     *           "alg": "EdDSA",
                     *           "use": "sig"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        keys: components["schemas"]["ProofKey"][];
                    };
                };
            };
        };
    };
    createProof: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "files": {
                 *         "report.html": "2bb7e45ccdf2330d183e1bdf03a2785fa60fc7d95df26cc4729ba941acf497ce"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewProof"];
            };
        };
        responses: {
            /** @description Signed */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jws": "eyJhbGciOiJFZERTQSJ9.eyJmaWxlcyI6e319.…"
                     *     }
                     */
                    "application/json": components["schemas"]["Proof"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant; `invalid-json`: The body is not JSON */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-in-progress`: The first request with this key is still running; `idempotency-result-lost`: The first request with this key succeeded, but its response was lost */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request-too-large`: The body is too large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported-media-type`: The body's content type is not JSON */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency-key-reused`: This key belongs to another request */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                month?: string;
                day?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /** @description The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only. */
                "X-Resolve-Tenant"?: components["parameters"]["Tenant"];
                /** @description The reason why an operator acts in a tenant, for that tenant's audit log. */
                "X-Resolve-Reason"?: components["parameters"]["Reason"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage; requests, searches and answers of the last minute may be missing */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "month": "2026-12",
                     *       "resetsAt": "2027-03-31T13:51:47.000Z",
                     *       "meters": [
                     *         {
                     *           "meter": "requests",
                     *           "used": 0,
                     *           "limit": null
                     *         },
                     *         {
                     *           "meter": "searches",
                     *           "used": 0,
                     *           "limit": 100000000
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `reason-required`: Acting inside a tenant needs a reason; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsage: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                month?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "nextCursor": null,
                     *       "hasMore": false,
                     *       "data": [
                     *         {
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "meters": {
                     *             "bytes": 201,
                     *             "pages": 2,
                     *             "chunks": 3,
                     *             "documents": 2,
                     *             "deliveries": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["TenantUsage"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCosts: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                month?: string;
                day?: string;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page; list prices, and estimates where an amount is not measured */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "nextCursor": null,
                     *       "hasMore": false,
                     *       "data": [
                     *         {
                     *           "tenantId": "ten_01j9x00000e008000000000001",
                     *           "amounts": {
                     *             "bytes": 201,
                     *             "chunks": 3,
                     *             "deliveries": 3,
                     *             "documents": 2,
                     *             "message.attempts": 3,
                     *             "message.count": 30,
                     *             "message.cpuMicros": 2267122,
                     *             "message.databaseMicros": 19630478,
                     *             "message.mbMs": 25427725,
                     *             "pages": 2
                     *           },
                     *           "services": {
                     *             "Lambda": 0.00033709,
                     *             "S3": 0.00012322,
                     *             "secrets and keys": 0.000069,
                     *             "SQS and EventBridge": 0.0000677,
                     *             "backups and copies": 1e-8
                     *           },
                     *           "usd": 0.00059702,
                     *           "databaseShare": 0.935208895235048,
                     *           "sharedUsd": null
                     *         },
                     *         {
                     *           "tenantId": "ten_01j9x00000e008000000000002",
                     *           "amounts": {
                     *             "message.count": 1,
                     *             "message.cpuMicros": 70168,
                     *             "message.databaseMicros": 1359996,
                     *             "message.mbMs": 710271
                     *           },
                     *           "services": {
                     *             "Lambda": 0.00000945,
                     *             "SQS and EventBridge": 0.0000015
                     *           },
                     *           "usd": 0.00001095,
                     *           "databaseShare": 0.06479110476495195,
                     *           "sharedUsd": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        data: components["schemas"]["TenantCost"][];
                        nextCursor: string | null;
                        hasMore: boolean;
                    };
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": {
                     *         "status": "ok",
                     *         "database": "ok",
                     *         "queue": "ok",
                     *         "cache": "ok"
                     *       },
                     *       "outbox": {
                     *         "waiting": 0,
                     *         "oldestSeconds": 0
                     *       },
                     *       "parkedWork": 0,
                     *       "minutes": [
                     *         {
                     *           "minute": "2027-03-01T08:00:47.000Z",
                     *           "requests": 0,
                     *           "failed": 0,
                     *           "slow": 0
                     *         },
                     *         {
                     *           "minute": "2027-03-01T08:01:47.000Z",
                     *           "requests": 0,
                     *           "failed": 0,
                     *           "slow": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSlo: {
        parameters: {
            query?: {
                tenantId?: string;
                hours?: number;
            };
            header?: {
                /** @description The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged. */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The objectives */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "month": "2026-12",
                     *       "tenantId": null,
                     *       "slowMs": 200,
                     *       "objectives": [
                     *         {
                     *           "name": "availability",
                     *           "target": 0.9995,
                     *           "total": 0,
                     *           "bad": 0,
                     *           "achieved": null,
                     *           "budgetLeft": 1,
                     *           "burnRate": 0
                     *         },
                     *         {
                     *           "name": "latency",
                     *           "target": 0.95,
                     *           "total": 0,
                     *           "bad": 0,
                     *           "achieved": null,
                     *           "budgetLeft": 1,
                     *           "burnRate": 5.45454545454545
                     *         }
                     *       ],
                     *       "hours": [
                     *         {
                     *           "hour": "2027-03-01T08:51:47.000Z",
                     *           "requests": 0,
                     *           "failed": 0,
                     *           "slow": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Slo"];
                };
            };
            /** @description `invalid-request`: The request is not valid; `tenant-required`: The request names no tenant */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: No valid credential */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The credential lacks the permission; `tenant-suspended`: The tenant is suspended; `mfa-required`: Administrators need a second factor; `edge-required`: The API is not called at this address */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not-found`: Nothing is there */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate-limited`: Too many requests */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: A part of the service is not available */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
