import { randomUUID } from "node:crypto";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import { newApplication, type Application } from "../entra/application";
import type { DirectoryStore } from "../entra/directory-store";
import { refusePassword } from "./app-management";
import { checkApplication } from "./application-rules";
import { checkMayRegister, reachesOwnedOnly, type Caller } from "./caller";
import { applicationChange, newApplicationBody, type ApplicationChange } from "./directory-bodies";
import { entityRoutes, found } from "./directory-entities";
import { refusals } from "./errors";
import { keysAfter, shownKeys } from "./key-credentials";
import type { Graph, GraphRoutes } from "./graph-call";
import { checkBody, merge, readBody, referencedId } from "./request-body";

/** `/applications`: https://learn.microsoft.com/graph/api/resources/application */
export function applicationRoutes(graph: Graph): GraphRoutes {
  const { azure, directory } = graph;
  return entityRoutes(graph, {
    collection: "applications",
    all: directory.applications,
    byAppId: (appId) => directory.applicationByAppId(appId),
    show: shown,
    async create({ request, url, caller }) {
      checkMayRegister(caller, directory);
      const body = await readBody(request);
      const { application, passwordCredentials } = createApplication(directory, caller, body, azure.clock.now());
      return { ...shown(url, application), passwordCredentials };
    },
    change: async (application, request) =>
      changeApplication(directory, application, checkBody(applicationChange, await readBody(request), "Application")),
    delete: (application) => directory.deleteApplication(application),
  });
}

/** An application by object id. Throws `Request_ResourceNotFound`. */
export const findApplication = (directory: DirectoryStore, id: string): Application =>
  found(directory.applications.get(id.toLowerCase()), id);

function createApplication(
  directory: DirectoryStore,
  caller: Caller,
  body: Record<string, unknown>,
  now: Date,
): { application: Application; passwordCredentials: unknown[] } {
  const {
    passwordCredentials = [],
    keyCredentials = [],
    ...given
  } = checkBody(newApplicationBody, body, "Application");
  const owners = newOwners(directory, caller, body);
  const application = merge(
    newApplication({
      id: randomUUID(),
      appId: randomUUID(),
      displayName: given.displayName,
      createdDateTime: wholeSeconds(now),
      publisherDomain: directory.tenant.domain,
    }),
    given,
  );
  // Microsoft's personal accounts have tokens of version 2 only. recorded: azure-cli test_app_credential
  if (/Personal/.test(application.signInAudience) && given.api?.requestedAccessTokenVersion === undefined) {
    application.api.requestedAccessTokenVersion = 2;
  }
  checkApplication(directory, application, undefined);
  application.keyCredentials = keysAfter(directory, application, keyCredentials);
  for (const wanted of passwordCredentials) refusePassword(directory, application, wanted, now);
  directory.applications.set(application.id, application);
  directory.owners.set(application.id, owners);
  // The values of secrets that the request asked for are in this one answer and in no other.
  const secrets = passwordCredentials.map((wanted) => directory.addPassword(application, wanted));
  return {
    application,
    passwordCredentials: application.passwordCredentials.map((credential) => ({
      ...credential,
      secretText: secrets.find(({ keyId }) => keyId === credential.keyId)?.secretText ?? null,
    })),
  };
}

/** Owners that a creation names; an application that reaches only its own becomes the owner by itself. */
export function newOwners(directory: DirectoryStore, caller: Caller, body: Record<string, unknown>): Set<string> {
  const named = [body["owners@odata.bind"] ?? []].flat().map(referencedId);
  for (const id of named) {
    const exists = directory.servicePrincipals.has(id) || directory.people.some(({ objectId }) => objectId === id);
    if (!exists) throw refusals.notFound(id);
  }
  return new Set(reachesOwnedOnly(caller) ? [...named, caller.claims.oid] : named);
}

function changeApplication(directory: DirectoryStore, application: Application, change: ApplicationChange): void {
  const { passwordCredentials, keyCredentials, ...others } = change;
  const after = merge(application, others);
  if (keyCredentials) after.keyCredentials = keysAfter(directory, application, keyCredentials);
  if (passwordCredentials) {
    const known = application.passwordCredentials;
    if (passwordCredentials.some(({ keyId }) => !known.some((credential) => credential.keyId === keyId))) {
      throw refusals.passwordByActionOnly();
    }
    after.passwordCredentials = known.filter(({ keyId }) => passwordCredentials.some((kept) => kept.keyId === keyId));
  }
  checkApplication(directory, after, application);
  Object.assign(application, after);
}

/** An application as an answer shows it; `oauth2RequirePostResponse` is told below `/beta` alone. */
function shown(url: URL, application: Application): Record<string, unknown> {
  const { oauth2RequirePostResponse = false, ...common } = application;
  const keyed = { ...common, keyCredentials: shownKeys(url, application.keyCredentials) };
  return /^\/beta\//i.test(url.pathname) ? { oauth2RequirePostResponse, ...keyed } : keyed;
}
