import { day } from "../../../contract/time";
import { directoryErrors } from "../../../contract/known-errors/directory";
import { knownError } from "../../../contract/known-errors/known-error";
import { passwordNames } from "../../../infra/deployment/rotation";
import { entraTagsFilter, tagsFromEntra } from "../../../infra/deployment/tags";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { type AzureCalls, type GraphRequest, toldOf } from "../azure-calls";
import type { InventoryItem, ItemKind } from "./found";
import { odataText } from "../../../infra/azure/odata";

interface Entry {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly tags?: readonly string[];
  readonly deletedDateTime?: string | null;
}

interface WithPasswords {
  readonly id: string;
  readonly displayName: string;
  readonly passwordCredentials?: readonly { readonly keyId: string; readonly displayName?: string | null }[];
}

interface Told {
  readonly items: readonly InventoryItem[];
  readonly untold: readonly { readonly kind: ItemKind; readonly why: string }[];
}

const wanted = "$select=id,appId,displayName,tags";

/**
 * Applications and service principals with these tags, living and deleted. Of the bins all is asked for: Entra filters
 * deleted things by name alone.
 */
export async function inEntra(calls: AzureCalls, tags: Readonly<Record<string, string>>): Promise<Told> {
  const having = `$filter=${encodeURIComponent(entraTagsFilter(tags))}&${wanted}&$top=999`;
  const bin = (kind: string): string =>
    `/directory/deletedItems/microsoft.graph.${kind}?${wanted},deletedDateTime&$top=999`;
  return told(calls, [
    { kind: "application", path: `/applications?${having}` },
    { kind: "service principal", path: `/servicePrincipals?${having}` },
    { kind: "deleted application", path: bin("application") },
    { kind: "deleted service principal", path: bin("servicePrincipal") },
  ]);
}

/**
 * Passwords that set-ups of these names gave, at whatever application: Entra filters by no password's name, so all applications are asked for.
 * The id of each is `/applications/<object id>/passwords/<key id>`.
 */
export async function passwordsCalled(calls: AzureCalls, names: readonly string[]): Promise<Told> {
  const kind = "password elsewhere";
  const [answer] = await calls.batch([
    { method: "GET", path: "/applications?$select=id,displayName,passwordCredentials&$top=999" },
  ]);
  if (answer instanceof AzureCallError) return { items: [], untold: [{ kind, why: whyUntold(kind, answer) }] };
  const applications = (answer ?? []) as readonly WithPasswords[];
  const ours = names.flatMap(passwordNames);
  const items = applications.flatMap(({ id, displayName: owner, passwordCredentials = [] }) =>
    passwordCredentials.flatMap(({ keyId, displayName }): InventoryItem[] =>
      displayName && ours.includes(displayName)
        ? [{ kind, id: `/applications/${id}/passwords/${keyId}`, name: `${displayName} of ${owner}`, tags: {} }]
        : [],
    ),
  );
  return { items, untold: [] };
}

/** Delegated permissions and application roles that principals hold, and delegated permissions on them. */
export async function grantsOf(calls: AzureCalls, principals: readonly string[]): Promise<Told> {
  const questions = principals.flatMap((id) => [
    { path: `/oauth2PermissionGrants?$filter=clientId eq ${odataText(id)}`, principal: id },
    { path: `/oauth2PermissionGrants?$filter=resourceId eq ${odataText(id)}`, principal: id },
    { path: `/servicePrincipals/${id}/appRoleAssignments`, principal: id },
  ]);
  const { items, untold } = await told(
    calls,
    questions.map((question) => ({ kind: "grant", ...question })),
  );
  // A grant of one of them on another is in two answers.
  return { items: [...new Map(items.map((item) => [item.id, item])).values()], untold };
}

async function told(
  calls: AzureCalls,
  questions: readonly { readonly kind: ItemKind; readonly path: string; readonly principal?: string }[],
): Promise<Told> {
  const answers = await calls.batch(questions.map(({ path }): GraphRequest => ({ method: "GET", path })));
  const untold = new Map<ItemKind, string>();
  const items: InventoryItem[] = [];
  for (const [at, { kind, path, principal }] of questions.entries()) {
    const answer = answers[at];
    if (answer instanceof AzureCallError) untold.set(kind, whyUntold(kind, answer));
    else for (const entry of (answer ?? []) as Entry[]) items.push(itemOf(kind, entry, path, principal));
  }
  return { items, untold: [...untold].map(([kind, why]) => ({ kind, why })) };
}

/** With the permission, where one is missing: https://learn.microsoft.com/graph/permissions-reference */
function whyUntold(kind: ItemKind, error: AzureCallError): string {
  const { id } = knownError(directoryErrors, { code: error.code, message: error.cause }) ?? {};
  const permission = kind === "grant" ? "DelegatedPermissionGrant.Read.All" : "Application.Read.All";
  return `${toldOf(error)}${id === "directory-right-missing" ? ` It is ${permission}.` : ""}`;
}

function itemOf(kind: ItemKind, entry: Entry, path: string, principal: string | undefined): InventoryItem {
  if (kind === "grant") {
    const role = path.endsWith("/appRoleAssignments");
    const id = role ? `${path}/${entry.id}` : `/oauth2PermissionGrants/${entry.id}`;
    return { kind, id, name: role ? "application role" : "delegated permissions", tags: {}, principal };
  }
  const { id, appId, displayName, tags = [], deletedDateTime } = entry;
  const until = deletedDateTime ? new Date(Date.parse(deletedDateTime) + 30 * day).toISOString() : undefined;
  return { kind, id, name: displayName, appId, tags: tagsFromEntra(tags), until };
}
