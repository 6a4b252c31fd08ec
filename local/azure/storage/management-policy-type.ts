import { z } from "zod";
import { envelope } from "../arm/answer";
import { providerError } from "../arm/errors";
import type { ResourceType } from "../arm/resource-type";
import { apiVersions } from "./account-type";
import { type Accounts, policyId, policyType } from "./accounts";
import { policyBody } from "./lifecycle";

/** An account's one lifecycle policy. recorded: azure-cli, storage/test_management_policy */
export function managementPolicies(accounts: Accounts): ResourceType {
  return {
    type: policyType,
    level: "parent",
    apiVersions,
    methods: ["DELETE"],
    created: 200,
    name: {
      pattern: /^default$/,
      // What azure-native meets that makes a name up: https://github.com/pulumi/pulumi-azure-native/issues/2164
      error: (name) => providerError(404, "HttpResourceNotFound", `The request url ../${name} is not found.`),
    },
    body: z.strictObject({ properties: z.strictObject({ policy: policyBody }) }),
    write({ azure }, policy) {
      const names = (policy.properties["policy"] as { rules: { name: string }[] }).rules.map(({ name }) => name);
      const twice = names.find((name, at) => names.indexOf(name) !== at);
      if (twice !== undefined) {
        throw providerError(400, "InvalidRequestPropertyValue", `The rule name '${twice}' is not unique.`);
      }
      policy.properties["lastModifiedTime"] = azure.clock.now().toISOString();
    },
    show: (policy) => ({ ...envelope(policy), name: "DefaultManagementPolicy" }),
    find({ azure, names }) {
      const account = accounts.account(names["storageaccounts"]!);
      if (!account) return undefined;
      const policy = azure.resources.get(policyId(account));
      if (policy) return policy;
      throw providerError(404, "ManagementPolicyNotFound", `No ManagementPolicy found for account ${account.name}`);
    },
  };
}
