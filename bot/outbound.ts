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

/** What {@link refuseRedirects} has put in the place of a `fetch`. */
const strict = new WeakSet<typeof fetch>();

/**
 * From now on no request of this process follows a redirect: it fails. What the bot sends holds its users' mail, codes and
 * tokens, its own token and its password (in the body, which a redirect of 307 takes along): only the host that was meant
 * may have them. None of the services that it talks to redirects such a request. The SDK's clients take no `fetch` of
 * their own, so it is the global one that changes. Azure's storage and identity clients do not use it; they do not follow
 * a redirect to another origin.
 */
export function refuseRedirects(): void {
  const { fetch } = globalThis;
  if (strict.has(fetch)) return;
  const fetchHere: typeof fetch = (input, init) =>
    fetch(input, { ...init, redirect: init?.redirect === "manual" ? "manual" : "error" });
  strict.add(fetchHere);
  globalThis.fetch = fetchHere;
}
