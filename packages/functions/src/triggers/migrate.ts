import { migrate } from "@resolve/core/migrate";
import { resource } from "@resolve/core/platform/resources";

export const handler = async (): Promise<{ applied: string[] }> => migrate({ url: resource("BuilderDatabase").url });
