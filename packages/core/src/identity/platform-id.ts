import { toId } from "../platform/id.ts";

/** The platform's own tenant, whose members of the role `admin` are the operators. */
export const platformId = toId("tenant", "00000000-0000-7000-8000-000000000000");
