import { randomUUID } from "node:crypto";
import type { Application, FederatedIdentityCredential } from "../entra/application";
import type { SecretHolder } from "../entra/client-secrets";
import type { DirectoryStore } from "../entra/directory-store";
import type { ServicePrincipal } from "../entra/service-principal";
import type { Azure } from "../service";
import { refusePassword } from "./app-management";
import { findApplication } from "./applications";
import { checkMayWrite, demandOneOf, readApplications } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { federatedChange, newFederatedBody, newPasswordBody, oldPasswordBody } from "./directory-bodies";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { checkBody, readBody } from "./request-body";
import { findServicePrincipal } from "./service-principals";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const mostFederatedCredentials = 20;

/** Secrets of an application and of its service principal, and federated credentials of an application. */
export function credentialRoutes({ azure, directory }: Graph): GraphRoutes {
  const target = ({ params, caller }: GraphCall): Application => {
    const application = findApplication(directory, params["id"] as string);
    checkMayWrite(caller, directory, application.id);
    return application;
  };
  const principal = ({ params, caller }: GraphCall): ServicePrincipal => {
    const found = findServicePrincipal(directory, params["id"] as string);
    checkMayWrite(caller, directory, found.id);
    // assumed: nobody has a secret of a managed identity; no source shows the words.
    if (found.servicePrincipalType === "ManagedIdentity") throw refusals.privileges();
    return found;
  };
  return {
    ...passwordRoutes(azure, directory, "applications", "Application", target),
    ...passwordRoutes(azure, directory, "servicePrincipals", "ServicePrincipal", principal),
    ...federatedRoutes({ azure, directory }, target),
  };
}

/** recorded: azure-cli test_app_credential, test_sp_credential */
function passwordRoutes(
  azure: Azure,
  directory: DirectoryStore,
  collection: string,
  type: string,
  target: (call: GraphCall) => SecretHolder,
): GraphRoutes {
  return {
    [`POST /${collection}/{id}/addPassword`]: async (call) => {
      const holder = target(call);
      const { passwordCredential } = checkBody(newPasswordBody, await readBody(call.request), type);
      const wanted = passwordCredential ?? {};
      checkDates(wanted, azure.clock.now());
      refusePassword(
        directory,
        collection === "applications" ? (holder as Application) : undefined,
        wanted,
        azure.clock.now(),
      );
      const { keyId, secretText } = directory.addPassword(holder, wanted);
      const kept = holder.passwordCredentials.find((credential) => credential.keyId === keyId);
      return Response.json({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.passwordCredential",
        ...kept,
        secretText,
      });
    },
    [`POST /${collection}/{id}/removePassword`]: async (call) => {
      const holder = target(call);
      const { keyId } = checkBody(oldPasswordBody, await readBody(call.request), type);
      const kept = holder.passwordCredentials.filter((credential) => credential.keyId !== keyId);
      if (kept.length === holder.passwordCredentials.length) throw refusals.passwordNotFound(keyId);
      holder.passwordCredentials = kept;
      return noContent();
    },
  };
}

function checkDates({ startDateTime, endDateTime }: { startDateTime?: string; endDateTime?: string }, now: Date): void {
  if (endDateTime === undefined) return;
  const end = Date.parse(endDateTime);
  const start = startDateTime === undefined ? now.getTime() : Date.parse(startDateTime);
  if (end <= start || end <= now.getTime()) throw refusals.passwordDates();
}

type Trust = Pick<FederatedIdentityCredential, "name" | "issuer" | "subject">;

function refuseTwin(others: readonly Trust[], { name, issuer, subject }: Trust): void {
  if (others.some((other) => other.name === name)) throw refusals.federatedDuplicate(name);
  const twin = others.some((other) => other.issuer === issuer && other.subject === subject);
  if (twin) throw refusals.federatedTwice(issuer, subject);
}

function federatedRoutes({ directory }: Graph, target: (call: GraphCall) => Application): GraphRoutes {
  const path = "/applications/{id}/federatedIdentityCredentials";
  const options = (id: string): { type: string; context: string } => ({
    type: "federatedIdentityCredential",
    context: `applications('${id}')/federatedIdentityCredentials`,
  });
  const listOf = (application: Application): FederatedIdentityCredential[] =>
    directory.federatedIdentityCredentials.get(application.id) ?? [];
  const readable = ({ params, caller }: GraphCall): Application => {
    demandOneOf(caller, readApplications);
    return findApplication(directory, params["id"] as string);
  };
  const find = (application: Application, idOrName: string): FederatedIdentityCredential => {
    const named = listOf(application).find(({ id, name }) => id === idOrName || name === idOrName);
    return found(named, idOrName);
  };
  return {
    [`GET ${path}`]: (call) => {
      const application = readable(call);
      return answerCollection(
        call.url,
        listOf(application).map((item) => ({ ...item })),
        options(application.id),
      );
    },
    [`POST ${path}`]: async (call) => {
      const application = target(call);
      const given = checkBody(newFederatedBody, await readBody(call.request), "FederatedIdentityCredential");
      const list = listOf(application);
      if (list.length >= mostFederatedCredentials) throw refusals.federatedLimit();
      refuseTwin(list, given);
      const credential = { id: randomUUID(), ...given, description: given.description ?? null };
      directory.federatedIdentityCredentials.set(application.id, [...list, credential]);
      return answerEntity(call.url, credential, options(application.id), 201);
    },
    [`GET ${path}/{credential}`]: (call) => {
      const application = readable(call);
      return answerEntity(
        call.url,
        { ...find(application, call.params["credential"] as string) },
        options(application.id),
      );
    },
    [`PATCH ${path}/{credential}`]: async (call) => {
      const application = target(call);
      const credential = find(application, call.params["credential"] as string);
      const change = checkBody(federatedChange, await readBody(call.request), "FederatedIdentityCredential");
      const others = listOf(application).filter((other) => other !== credential);
      refuseTwin(others, { ...credential, ...change } as FederatedIdentityCredential);
      Object.assign(credential, change);
      return noContent();
    },
    [`DELETE ${path}/{credential}`]: (call) => {
      const application = target(call);
      const gone = find(application, call.params["credential"] as string);
      directory.federatedIdentityCredentials.set(
        application.id,
        listOf(application).filter((credential) => credential !== gone),
      );
      return noContent();
    },
  };
}
