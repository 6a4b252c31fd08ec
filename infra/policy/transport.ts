import { mustBe, type Rule, types } from "./rule";

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
