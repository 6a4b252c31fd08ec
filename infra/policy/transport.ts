import { mustBe, type Rule, type StackRule, types } from "./rule";

export const httpsOnly: Rule = {
  name: "https-and-tls",
  description: "Nothing is served without TLS 1.2 or newer, and nothing by FTP.",
  *check(resource) {
    switch (resource.type) {
      case types.webApp:
        yield* mustBe(resource, {
          httpsOnly: [true],
          "siteConfig.minTlsVersion": ["1.2", "1.3"],
          "siteConfig.scmMinTlsVersion": ["1.2", "1.3"],
          "siteConfig.ftpsState": ["Disabled", "FtpsOnly"],
        });
        break;
      case types.storage:
        yield* mustBe(resource, { enableHttpsTrafficOnly: [true], minimumTlsVersion: ["TLS1_2", "TLS1_3"] });
        break;
      case types.bot: {
        const endpoint = String(resource.at("properties.endpoint"));
        if (!endpoint.startsWith("https://")) yield `properties.endpoint is ${endpoint}; Bot Service calls https only.`;
      }
    }
  },
};

/** Publishing credentials are a password that no one renews; a storage key opens everything in the account. */
export const noBasicAuth: Rule = {
  name: "no-basic-auth",
  description: "Neither publishing passwords nor storage keys open anything.",
  *check(resource) {
    if (resource.type === types.scmLogin || resource.type === types.ftpLogin) {
      yield* mustBe(resource, { allow: [false] });
    }
    if (resource.type === types.storage) {
      yield* mustBe(resource, { allowSharedKeyAccess: [false], allowBlobPublicAccess: [false] });
    }
  },
};

/** What has to switch each of the two off: Azure makes every web app with both on. */
const publishingLogins = { [types.scmLogin]: "of its deployment service", [types.ftpLogin]: "of FTP" };

export const basicAuthSwitchedOff: StackRule = {
  name: "basic-auth-switched-off",
  description: "Every web app has a resource for each publishing password that switches it off.",
  *check(resources) {
    for (const { urn, name } of resources.filter(({ type }) => type === types.webApp)) {
      for (const [login, of] of Object.entries(publishingLogins)) {
        if (resources.some(({ type, dependsOn }) => type === login && dependsOn.includes(urn))) continue;
        yield {
          urn,
          violation: `Nothing switches off the publishing password ${of}; give ${name} a ${login} with allow: false.`,
        };
      }
    }
  },
};
