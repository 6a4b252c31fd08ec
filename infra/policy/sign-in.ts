import { addressesOf, residencies } from "../decisions/residency";
import { mustBe, type Rule, types } from "./rule";

/** Azure has refused new multi-tenant bots since 31 July 2025. */
export const singleTenant: Rule = {
  name: "single-tenant",
  description: "Bot and applications belong to one tenant.",
  *check(resource) {
    if (resource.type === types.application) yield* mustBe(resource, { signInAudience: ["AzureADMyOrg"] });
    if (resource.type !== types.bot) return;
    yield* mustBe(resource, { "properties.msaAppType": ["SingleTenant", "UserAssignedMSI"] });
    if (!resource.at("properties.msaAppTenantId")) {
      yield "properties.msaAppTenantId is not set; the bot then looks for its application in another tenant.";
    }
  },
};

/**
 * Any further redirect address is a place to which an attacker may have users' codes sent; another residency's is a
 * sign-in that ends in AADSTS50011 (known mistake 4). The addresses are remembered from the applications, which the
 * bot always follows.
 */
export function redirectAddresses(): Rule {
  const all = residencies.map((residency) => addressesOf(residency));
  let used: readonly string[] = [];
  return {
    name: "redirect-addresses",
    description: "Users come back from their sign-in to the Token Service of the bot's residency only.",
    *check(resource) {
      if (resource.type === types.application) {
        const here = (resource.at("web.redirectUris") as readonly string[] | undefined) ?? [];
        used = [...used, ...here];
        for (const address of here) {
          if (!all.some(({ redirectAddress }) => redirectAddress === address)) {
            yield `${address} is no address of the Token Service; remove it, or make another application for it.`;
          }
        }
      }
      if (resource.type !== types.bot) return;
      const place = String(resource.at("location"));
      const { redirectAddress } = all.find(({ botLocation }) => botLocation === place) ?? {};
      for (const address of used.filter((other) => other !== redirectAddress)) {
        yield `The bot's location ${place} wants the redirect address ${redirectAddress ?? "of a known residency"}, but an application has ${address}; set both with the setting residency.`;
      }
    },
  };
}

interface Site {
  readonly siteName?: string;
  readonly isSecureSiteEnabled?: boolean;
  readonly trustedOrigins?: readonly string[];
}

/** Without it anyone who sees a sign-in link can have another person sign in to his own conversation. */
export const enhancedAuthentication: Rule = {
  name: "enhanced-authentication",
  description: "Every Direct Line site of ours has enhanced authentication on, for https pages that are named.",
  *check(resource) {
    for (const site of sites(resource)) {
      const origins = site.trustedOrigins ?? [];
      if (site.isSecureSiteEnabled !== true)
        yield `Site ${site.siteName} has enhanced authentication off; switch it on.`;
      if (origins.length === 0) yield `Site ${site.siteName} trusts no page by name; name the chat page's origin.`;
      for (const origin of origins.filter((one) => !/^https:\/\/[^*/]+$/.test(one))) {
        yield `Site ${site.siteName} trusts ${origin}; trust https origins without wildcard or path only.`;
      }
    }
  },
};

function sites(resource: Parameters<Rule["check"]>[0]): readonly Site[] {
  if (resource.type === types.channel) {
    const name = String(resource.at("properties.channelName"));
    if (!["DirectLineChannel", "WebChatChannel"].includes(name)) return [];
    return (resource.at("properties.properties.sites") as readonly Site[] | undefined) ?? [];
  }
  // Our own site's resource knows no other state than on; what it can get wrong is whom it trusts.
  const trustedOrigins = resource.type === types.directLineSite ? resource.at("trustedOrigins") : undefined;
  if (!Array.isArray(trustedOrigins)) return [];
  return [{ siteName: String(resource.at("siteName")), isSecureSiteEnabled: true, trustedOrigins }];
}
