import { isIP } from "node:net";
import { parseNetwork } from "../../contract/network";
import type { Problem } from "./settings-error";
import type { ConnectionArgs } from "../connections/connection";
import { type ChatPage, connectionsOfTenant, type FramedBy, isFramingOrigin } from "../deployment/chat-page";
import { nearest } from "./nearest";

const fields = ["enabled", "framedBy", "access", "allowedNetworks"] as const;
const example = "chatPage: { enabled: true, framedBy: [https://intranet.contoso.com] }";
const networksExample = "chatPage: { allowedNetworks: [203.0.113.0/24, 2001:db8::/32] }";

type Report = (problem: {
  readonly setting: string;
  readonly seen: unknown;
  readonly allowed: string;
  readonly code?: "unknown-setting";
  readonly example?: string;
  readonly hint?: string | undefined;
}) => void;

/**
 * Reads the setting `chatPage`.
 * @param value what the stack file holds, parsed; undefined gives the defaults
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 * @param defaults what holds for every field that is not given: those of the stack's environment
 * @param connections those of the stack, of which the page may demand a sign-in
 */
export function readChatPage(
  value: unknown,
  encrypted: boolean,
  defaults: ChatPage,
  connections: readonly ConnectionArgs[],
): { chatPage: ChatPage; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = ({ seen, hint, ...problem }) => {
    problems.push({
      code: "wrong-value",
      example,
      ...problem,
      seen: encrypted ? "a secret (not shown)" : JSON.stringify(seen),
      ...(hint && !encrypted ? { hint } : {}),
    });
  };
  if (value === undefined) return { chatPage: defaults, problems };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const allowed =
      "an object with enabled (true or false), framedBy (none, self, or a list of origins), access and allowedNetworks";
    report({ setting: "chatPage", seen: value, allowed });
    return { chatPage: defaults, problems };
  }

  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given).filter((key) => !(fields as readonly string[]).includes(key))) {
    const meant = nearest(name, fields);
    report({
      code: "unknown-setting",
      setting: `chatPage.${name}`,
      seen: given[name],
      allowed: fields.join(", "),
      hint: meant ? `Did you mean ${meant}?` : "No such setting exists.",
    });
  }
  const chatPage = { ...defaults, ...given } as unknown as ChatPage;
  if (typeof chatPage.enabled !== "boolean") {
    report({ setting: "chatPage.enabled", seen: chatPage.enabled, allowed: "true, false" });
  }
  if (!isFramedBy(chatPage.framedBy)) {
    const allowed = "none, self, or a list of origins: https://host, without path or wildcard";
    report({ setting: "chatPage.framedBy", seen: chatPage.framedBy, allowed });
  }
  // Without connections their own problems stand in the list already.
  if (connections.length > 0) checkAccess(chatPage, connectionsOfTenant(connections), report);
  if (given["allowedNetworks"] !== undefined) checkNetworks(given["allowedNetworks"], report);
  return { chatPage, problems };
}

function isFramedBy(value: unknown): value is FramedBy {
  if (value === "none" || value === "self") return true;
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => typeof entry === "string" && isFramingOrigin(entry))
  );
}

function checkAccess({ access, enabled }: ChatPage, inTenant: readonly string[], report: Report): void {
  if (access === "everyone" || (access === "signedIn" && (!enabled || inTenant.length > 0))) return;
  const { signedInTo, ...others } = (typeof access === "object" && access ? access : {}) as { signedInTo?: unknown };
  const isAlone = Object.keys(others).length === 0;
  if (isAlone && typeof signedInTo === "string" && inTenant.includes(signedInTo)) return;
  const meant = typeof signedInTo === "string" && isAlone && nearest(signedInTo, inTenant);
  const names = inTenant.length > 0 ? inTenant.join(", ") : "none of which there is here";
  report({
    setting: "chatPage.access",
    seen: access,
    allowed: `everyone, signedIn, or { signedInTo: <name> } with a connection of provider entra: ${names}`,
    example: `chatPage: { access: { signedInTo: ${inTenant[0] ?? "GraphConnection"} } }`,
    hint: meant ? `Did you mean ${meant}?` : undefined,
  });
}

function checkNetworks(networks: unknown, report: Report): void {
  const allowed = "a list of networks: an IPv4 or IPv6 address, a slash and the bits that count, at least 1";
  if (!Array.isArray(networks) || networks.length === 0) {
    const hint = "Leave it out where the page is for every network.";
    report({ setting: "chatPage.allowedNetworks", seen: networks, allowed, example: networksExample, hint });
    return;
  }
  networks.forEach((network: unknown, at) => {
    if (typeof network === "string" && parseNetwork(network)) return;
    report({
      setting: `chatPage.allowedNetworks[${at}]`,
      seen: network,
      allowed,
      example: networksExample,
      hint: hintFor(network),
    });
  });
}

function hintFor(network: unknown): string | undefined {
  if (typeof network !== "string") return undefined;
  if (network.endsWith("/0")) return "That is the whole internet: leave the setting out.";
  const bits = { 4: 32, 6: 128 }[isIP(network)];
  return bits === undefined ? undefined : `Did you mean ${network}/${bits}?`;
}
