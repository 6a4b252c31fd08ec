import { type Access, deployerAccess } from "../azure/access";
import { wholeSeconds } from "../deployment/secret-life";
import { type ProvablePassword, provePassword } from "../azure/password-proof";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { flag, type ResourceSchema, text } from "./schema";

export interface Inputs extends ProvablePassword {
  readonly ownPrincipal: boolean;
}

export interface Outputs extends Inputs {
  readonly provenAt: string;
}

export const passwordProofSchema: ResourceSchema<Inputs, Outputs> = {
  description: "There only when Entra ID has given three tokens in a row for a password; what uses it waits for this.",
  inputs: {
    tenantId: text("Id of the application's tenant."),
    clientId: text("Client id of the application."),
    password: text("The password. Give it as a secret."),
    scope: text("What its user asks for: https://api.botframework.com/.default."),
    ownPrincipal: flag("Whether the program made the service principal: an application of others may have none."),
  },
  outputs: { provenAt: text("When it was proved: ISO date and time in UTC; empty where nothing can be.") },
};

/** That an application's password works, before anything is told to use it. */
export function passwordProof(
  access: () => Access = deployerAccess,
  warn: (message: string) => void = console.warn,
): Lifecycle<Inputs, Outputs> {
  const prove = async (inputs: Inputs): Promise<Outputs> => {
    const live = access();
    const lacks = inputs.ownPrincipal ? undefined : "AADSTS7000229";
    if ((await provePassword(live, inputs, lacks)) === "unprovable") {
      warn(
        `The new password of ${inputs.clientId} is not proved: the application has no service principal in the tenant, and ` +
          `gets no token of its own. Give it one: az ad sp create --id ${inputs.clientId}`,
      );
      return { ...inputs, provenAt: "" };
    }
    return { ...inputs, provenAt: wholeSeconds(live.now()) };
  };
  return {
    check: async () => [],
    diff: async (_id, olds, news) =>
      difference<Inputs>(olds, news, ["tenantId", "clientId"], ["password", "scope", "ownPrincipal"]),
    create: async (inputs) => ({ id: `${inputs.clientId}/password`, outs: await prove(inputs) }),
    update: async (_id, _olds, news) => ({ outs: await prove(news) }),
    async read(id, props) {
      if (!props) throw notImported("The proof of a password");
      return { id, props };
    },
    // A proof leaves nothing in Azure.
    delete: async () => {},
  };
}
