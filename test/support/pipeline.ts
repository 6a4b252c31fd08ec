import type { Environment } from "../../infra/settings/environment";
import { environmentsOf } from "../../ops/git-hub/environments";
import type { FoundPipeline } from "../../ops/pipeline/read";
import { type Purpose, wantedPipeline, type WantedPipeline } from "../../ops/pipeline/wanted";

/** A tenant in which there is nothing of a pipeline yet. */
export const nothingFound: FoundPipeline = {
  deletedVault: false,
  roles: new Map(),
  graphId: "graph",
  identities: new Map(),
};

/** What a stack's pipeline needs, each stack in a subscription of its own. */
export function wantedFor(stack: Environment, change: Partial<Purpose> = {}): WantedPipeline {
  return wantedPipeline({
    settings: {
      project: "bot-sign-in",
      environment: stack,
      tenantId: "tenant",
      adminConsent: false,
      identity: "secret",
    },
    stack,
    subscriptionId: `of-${stack}`,
    environments: environmentsOf(stack, stack),
    repository: "contoso/mail-bot",
    subjectPrefix: "repo:contoso/mail-bot",
    place: {
      subscriptionId: "of-state",
      group: "bot-state",
      location: "westeurope",
      account: "contosobotstate",
      vault: "contoso-bot-state",
    },
    reviewers: [{ type: "Team", id: 1234567, name: "contoso/mail-team" }],
    secretsProvider: undefined,
    ...change,
  });
}
