import type { AuthorizationManagementClient } from "@azure/arm-authorization";
import type { Finding } from "./finding";
import type { Claims } from "./sign-in";

/** A role at a scope, as far as it matters what it allows. */
export interface Role {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

interface Need {
  readonly what: string;
  readonly actions: readonly string[];
  /** The built-in role that cures it. */
  readonly cure: string;
}

const contributor = "Contributor";

/** What the program writes with ARM. https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations */
const needs: readonly Need[] = [
  {
    what: "make the resource group",
    actions: ["Microsoft.Resources/subscriptions/resourceGroups/write"],
    cure: contributor,
  },
  {
    what: "make the bot, its connections and channels",
    actions: [
      "botServices/write",
      "botServices/connections/write",
      "botServices/channels/write",
      "botServices/channels/listchannelwithkeys/action",
    ].map((action) => `Microsoft.BotService/${action}`),
    cure: contributor,
  },
  {
    what: "make the web app",
    actions: ["serverfarms/write", "sites/write", "sites/config/write", "sites/publish/action"].map(
      (action) => `Microsoft.Web/${action}`,
    ),
    cure: contributor,
  },
  {
    what: "make the vault and its secrets",
    actions: ["Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/secrets/write"],
    cure: contributor,
  },
  {
    what: "make the managed identity and give it to the web app",
    actions: ["write", "assign/action"].map((action) => `Microsoft.ManagedIdentity/userAssignedIdentities/${action}`),
    cure: contributor,
  },
  {
    what: "make the storage of the turn state",
    actions: [
      "Microsoft.Storage/storageAccounts/write",
      "Microsoft.Storage/storageAccounts/blobServices/containers/write",
      "Microsoft.Storage/storageAccounts/managementPolicies/write",
    ],
    cure: contributor,
  },
  {
    what: "collect the logs",
    actions: ["Microsoft.OperationalInsights/workspaces/write", "Microsoft.Insights/diagnosticSettings/write"],
    cure: contributor,
  },
  {
    what: "give the managed identity its two roles",
    actions: ["Microsoft.Authorization/roleAssignments/write"],
    cure: "Role Based Access Control Administrator",
  },
];

/** Holds what each step needs against the roles. Pure. */
export function azureRights(roles: readonly Role[], deployer: Claims, scope: string): Finding[] {
  return needs.map(({ what, actions, cure }) => {
    const missing = actions.filter((action) => !roles.some((role) => allows(role, action)));
    if (missing.length === 0) {
      const because = roles.filter((role) => actions.some((action) => allows(role, action))).map(({ name }) => name);
      return { what: `Azure: ${what}`, state: "held", because: [...new Set(because)].join(", ") };
    }
    const kind = deployer.scp === undefined ? "ServicePrincipal" : "User";
    return {
      what: `Azure: ${what}`,
      state: "missing",
      because: missing.join(", "),
      cure: `az role assignment create --assignee-object-id ${deployer.oid} --assignee-principal-type ${kind} --role "${cure}" --scope ${scope}`,
    };
  });
}

function allows({ actions, notActions }: Role, action: string): boolean {
  return actions.some((pattern) => fits(pattern, action)) && !notActions.some((pattern) => fits(pattern, action));
}

/** `Microsoft.Web/sites/*` fits `Microsoft.Web/sites/config/write`; case does not count. */
function fits(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

/**
 * The roles that hold at a scope, assigned there, above it or through a group; none where the deployer may not even
 * read them, because then he holds no role at all.
 */
export async function rolesHeld(
  client: AuthorizationManagementClient,
  scope: string,
  principalId: string,
): Promise<Role[]> {
  const ids = new Set<string>();
  try {
    for await (const { scope: at = "", roleDefinitionId } of client.roleAssignments.listForScope(scope, {
      filter: `assignedTo('${principalId}')`,
    })) {
      // The list has assignments below the scope, too; `/` and management groups stand above every subscription.
      const above = at === "/" || /^\/providers\/Microsoft\.Management\//i.test(at) || covers(at, scope);
      if (above && roleDefinitionId) ids.add(roleDefinitionId);
    }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 403) return [];
    throw error;
  }
  return Promise.all([...ids].map((id) => roleOf(client, scope, id)));
}

function covers(above: string, scope: string): boolean {
  return `${scope}/`.toLowerCase().startsWith(`${above.replace(/\/+$/, "")}/`.toLowerCase());
}

/** Asked for at the scope in question: who has rights there alone may not read at the subscription. */
async function roleOf(client: AuthorizationManagementClient, scope: string, id: string): Promise<Role> {
  const { roleName, permissions = [] } = await client.roleDefinitions.get(scope, id.split("/").at(-1) ?? id);
  return {
    name: roleName ?? id,
    actions: permissions.flatMap(({ actions = [] }) => actions),
    notActions: permissions.flatMap(({ notActions = [] }) => notActions),
  };
}
