import { randomUUID } from "node:crypto";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import { newApplication, type Application } from "../entra/application";
import type { DirectoryStore } from "../entra/directory-store";
import { refusePassword } from "./app-management";
import { checkApplication } from "./application-rules";
import { checkMayRegister, checkMayWrite, holds, reachesOwnedOnly, readApplications, type Caller } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { applicationChange, newApplicationBody, type ApplicationChange } from "./directory-bodies";
import { refusals } from "./errors";
import { keysAfter, shownKeys } from "./key-credentials";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { checkBody, merge, readBody, referencedId } from "./request-body";

const options = { type: "application", context: "applications", pageSize: 100 };

/** `/applications`: https://learn.microsoft.com/graph/api/resources/application */
export function applicationRoutes({ azure, directory }: Graph): GraphRoutes {
  const read = (call: GraphCall, application: Application): Response => {
    checkMayRead(call.caller);
    return answerEntity(call.url, shown(call.url, application), options);
  };
  const change = async ({ request, caller }: GraphCall, application: Application): Promise<Response> => {
    checkMayWrite(caller, directory, application.id);
    const body = checkBody(applicationChange, await readBody(request), "Application");
    changeApplication(directory, application, body);
    return noContent();
  };
  const remove = ({ caller }: GraphCall, application: Application): Response => {
    checkMayWrite(caller, directory, application.id);
    directory.deleteApplication(application);
    return noContent();
  };
  const byAppId = ({ params }: GraphCall): Application => findByAppId(directory, params["appId"] as string);
  const byId = ({ params }: GraphCall): Application => findApplication(directory, params["id"] as string);
  return {
    "GET /applications": ({ url, caller }) => {
      checkMayRead(caller);
      const all = [...directory.applications.values()].map((application) => shown(url, application));
      return answerCollection(url, all, options);
    },
    "POST /applications": async ({ request, url, caller }) => {
      checkMayRegister(caller, directory);
      const body = await readBody(request);
      const { application, passwordCredentials } = createApplication(directory, caller, body, azure.clock.now());
      const { tenantId } = directory.tenant;
      return answerEntity(url, { ...shown(url, application), passwordCredentials }, { ...options, tenantId }, 201);
    },
    "GET /applications(appId='{appId}')": (call) => read(call, byAppId(call)),
    "PATCH /applications(appId='{appId}')": (call) => change(call, byAppId(call)),
    "DELETE /applications(appId='{appId}')": (call) => remove(call, byAppId(call)),
    "GET /applications/{id}": (call) => read(call, byId(call)),
    "PATCH /applications/{id}": (call) => change(call, byId(call)),
    "DELETE /applications/{id}": (call) => remove(call, byId(call)),
  };
}

/** An application by object id. Throws `Request_ResourceNotFound`. */
export function findApplication(directory: DirectoryStore, id: string): Application {
  const application = directory.applications.get(id.toLowerCase());
  if (!application) throw refusals.notFound(id);
  return application;
}

function findByAppId(directory: DirectoryStore, appId: string): Application {
  const application = directory.applicationByAppId(appId);
  if (!application) throw refusals.notFound(appId);
  return application;
}

function checkMayRead(caller: Caller): void {
  if (!holds(caller, readApplications)) throw refusals.privileges();
}

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
