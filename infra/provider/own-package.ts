import { version as packageVersion } from "./package.json";

/** Name of the provider, and of the package that its resources belong to. */
export const name = "bot-sign-in";

/** Every resource names it, so that Pulumi looks for this provider and no other. */
export const version = packageVersion;
