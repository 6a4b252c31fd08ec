/**
 * Every host, names below it included, to which the bot sends a token of its own because a request or a setting named it.
 * An activity's `serviceUrl` is chosen by whoever sends the activity: without this list the bot would carry its replies,
 * and its token, to any address.
 *
 * `smba.trafficmanager.net` is Teams:
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
export const allowedHosts = ["botframework.com", "smba.trafficmanager.net"] as const;

/** Whether the bot may send to this address: https, a host of {@link allowedHosts}, the default port, no credentials. */
export function isAllowedHost(address: string): boolean {
  const url = URL.parse(address);
  if (!url || url.protocol !== "https:" || url.port !== "" || url.username !== "" || url.password !== "") return false;
  return allowedHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}
