import { z } from "zod";
import type { Azure, Resource } from "../../service";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import { providerError } from "../errors";
import type { ResourceType } from "../resource-type";
import { asIdentitiesSpell } from "./user-assigned-identities";

const type = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const most = 20;

/** The first api-version that has them: https://github.com/Azure/azure-rest-api-specs (ManagedIdentity, 2022-01-31-preview) */
const first = "2022-01-31-preview";

interface Trust {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: string[];
}

/**
 * What a user-assigned identity trusts in place of a secret: tokens of another issuer, as a pipeline or a cluster has them.
 * https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials;
 * recorded: azure-cli test_federated_identity_credential
 */
export const federatedIdentityCredentials: ResourceType = {
  type,
  level: "parent",
  apiVersions: apiVersionsOf("Microsoft.ManagedIdentity").filter((version) => version >= first),
  methods: ["DELETE"],
  createdLocation: "id",
  name: { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/, error: () => badRequest("The name has 3 to 120 characters.") },
  body: z.strictObject({
    properties: z.strictObject({
      issuer: z.string().optional(),
      subject: z.string().optional(),
      audiences: z.array(z.string()).optional(),
    }),
  }),
  write({ azure }, credential, before) {
    const { issuer, subject, audiences } = credential.properties as Partial<Trust>;
    // https://github.com/zioproto/istio-aks-example/issues/6
    if (!issuer || !subject || !audiences?.length) {
      throw badRequest("Federated Identity Credential must specify 'issuer', 'subject' and 'audience'.");
    }
    const own = credential.id.toLowerCase();
    const others = azure.resources.list(type, identityIdOf(credential)).filter(({ id }) => id.toLowerCase() !== own);
    // https://github.com/Azure/bicep-types-az/issues/2054
    if (others.some(({ properties }) => properties["issuer"] === issuer && properties["subject"] === subject)) {
      throw providerError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.");
    }
    if (!before && others.length >= most) throw badRequest(`A managed identity has at most ${most} of them.`);
    credential.properties = { issuer, subject, audiences };
  },
  written: ({ azure }, credential) => tell(azure, identityIdOf(credential)),
  deleted: ({ azure }, credential) => tell(azure, identityIdOf(credential)),
  show: (credential) => {
    const name = credential.id.split("/").at(-1)!;
    return envelope({ ...credential, id: asIdentitiesSpell(credential.id), name });
  },
};

const badRequest = (message: string): Error =>
  providerError(400, "BadRequest", `The request format was unexpected. ${message}`);

const identityIdOf = ({ id }: Resource): string => id.split("/").slice(0, -2).join("/");

/** Entra decides by them when a token is asked for. */
function tell(azure: Azure, identityId: string): void {
  const identity = azure.resources.get(identityId);
  if (!identity) return;
  const credentials = azure.resources.list(type, identityId).map(({ id, properties }) => ({
    ...(properties as unknown as Trust),
    id,
    name: id.split("/").at(-1)!,
    description: null,
  }));
  azure.directory.setIdentityTrust?.(String(identity.properties["principalId"]), credentials);
}
