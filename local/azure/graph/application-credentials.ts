import { randomUUID } from "node:crypto";
import type { Application, FederatedIdentityCredential } from "../entra/application";
import { findApplication } from "./applications";
import { checkMayWrite, holds, readApplications } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { federatedChange, newFederatedBody, newPasswordBody, oldPasswordBody } from "./directory-bodies";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { checkBody, readBody } from "./request-body";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const mostFederatedCredentials = 20;

/** Secrets and federated credentials of an application. */
export function credentialRoutes({ azure, directory }: Graph): GraphRoutes {
  const target = ({ params, caller }: GraphCall): Application => {
    const application = findApplication(directory, params["id"] as string);
    checkMayWrite(caller, directory, application.id);
    return application;
  };
  return {
    "POST /applications/{id}/addPassword": async (call) => {
      const application = target(call);
      const { passwordCredential } = checkBody(newPasswordBody, await readBody(call.request), "Application");
      const wanted = passwordCredential ?? {};
      checkDates(wanted, azure.clock.now());
      const { keyId, secretText } = directory.addPassword(application, wanted);
      const kept = application.passwordCredentials.find((credential) => credential.keyId === keyId);
      return Response.json({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.passwordCredential",
        ...kept,
        secretText,
      });
    },
    "POST /applications/{id}/removePassword": async (call) => {
      const application = target(call);
      const { keyId } = checkBody(oldPasswordBody, await readBody(call.request), "Application");
      const kept = application.passwordCredentials.filter((credential) => credential.keyId !== keyId);
      if (kept.length === application.passwordCredentials.length) throw refusals.passwordNotFound(keyId);
      application.passwordCredentials = kept;
      return noContent();
    },
    ...federatedRoutes({ azure, directory }, target),
  };
}

function checkDates({ startDateTime, endDateTime }: { startDateTime?: string; endDateTime?: string }, now: Date): void {
  if (endDateTime === undefined) return;
  const end = Date.parse(endDateTime);
  const start = startDateTime === undefined ? now.getTime() : Date.parse(startDateTime);
  if (end <= start || end <= now.getTime()) throw refusals.passwordDates();
}

function federatedRoutes({ directory }: Graph, target: (call: GraphCall) => Application): GraphRoutes {
  const path = "/applications/{id}/federatedIdentityCredentials";
  const options = (id: string): { type: string; context: string; pageSize: number } => ({
    type: "federatedIdentityCredential",
    context: `applications('${id}')/federatedIdentityCredentials`,
    pageSize: 100,
  });
  const listOf = (application: Application): FederatedIdentityCredential[] =>
    directory.federatedIdentityCredentials.get(application.id) ?? [];
  const readable = ({ params, caller }: GraphCall): Application => {
    if (!holds(caller, readApplications)) throw refusals.privileges();
    return findApplication(directory, params["id"] as string);
  };
  const find = (application: Application, idOrName: string): FederatedIdentityCredential => {
    const found = listOf(application).find(({ id, name }) => id === idOrName || name === idOrName);
    if (!found) throw refusals.notFound(idOrName);
    return found;
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
      const same = list.find(
        ({ name, issuer, subject }) => name === given.name || (issuer === given.issuer && subject === given.subject),
      );
      if (same) throw refusals.federatedDuplicate(given.name);
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
      const credential = find(target(call), call.params["credential"] as string);
      Object.assign(
        credential,
        checkBody(federatedChange, await readBody(call.request), "FederatedIdentityCredential"),
      );
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
