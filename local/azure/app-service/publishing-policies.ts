import { z } from "zod";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import type { Azure, Resource } from "../service";
import { configNotFound } from "./errors";

const type = "Microsoft.Web/sites/basicPublishingCredentialsPolicies";

/**
 * Whether a site takes a user name and password at SCM and at FTP: two resources that come into being with the site
 * and are only read and written.
 * https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable
 */
export const publishingPolicies: ResourceType = {
  type,
  apiVersions: apiVersionsOf("Microsoft.Web"),
  level: "parent",
  created: 200,
  methods: [],
  body: z.strictObject({ kind: z.string().nullish(), properties: z.strictObject({ allow: z.boolean() }) }),
  write(_context, policy) {
    if (!/^(scm|ftp)$/i.test(policy.name)) throw configNotFound(policy.name);
  },
};

/** The policies of a new site: both allow, as ARM creates them; portal and CLI turn them off afterwards. */
export function createPublishingPolicies(azure: Azure, site: Resource): void {
  for (const name of ["ftp", "scm"]) {
    const id = `${site.id}/basicPublishingCredentialsPolicies/${name}`;
    if (azure.resources.get(id)) continue;
    azure.resources.set({ id, name, type, location: site.location, properties: { allow: true } });
  }
}
