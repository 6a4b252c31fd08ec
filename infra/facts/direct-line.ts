import { inPlace } from "../deployment/rotation";

/** Direct Line site of the chat page. Sites are known by their names: positions change, ids are the service's. */
export const chatSite = "chat";

interface Site {
  readonly siteName: string;
  readonly key?: string;
  readonly key2?: string;
}

/** Which of a site's two keys a rotation uses. */
export function keyOfRotation(rotation: number): "key" | "key2" {
  return inPlace(rotation, ["key", "key2"]);
}

/**
 * The key in use of the site of that name, out of what `listChannelWithKeys` answers. Throws an Error that says what was found
 * instead.
 */
export function siteKey(sites: readonly Site[] | undefined, siteName: string, rotation: number): string {
  const site = sites?.find((candidate) => candidate.siteName === siteName);
  const key = site?.[keyOfRotation(rotation)];
  if (key) return key;
  const found = sites?.map((candidate) => candidate.siteName).join(", ") || "none";
  throw new Error(
    site
      ? `Direct Line's site ${siteName} came without a key: the deployer needs Microsoft.BotService/botServices/channels/listChannelWithKeys/action`
      : `Direct Line has no site ${siteName} (found: ${found}): run pulumi refresh, then pulumi up`,
  );
}
