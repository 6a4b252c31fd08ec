import type { Connection } from "../../contract/connection";
import { userServiceErrors } from "../../contract/known-errors/user-services";
import type { BotError } from "../error";
import { plain } from "../skills/markdown";
import { skillFacts } from "../skills/skill";
import { sentences } from "./sentences";

/** What people call what a connection signs in to. */
export function nameOf({ skill, provider }: Connection): string {
  return skill ? skillFacts[skill].service : provider;
}

/** What a person reads of a skill that failed. */
export function explain(error: BotError, service: string): string {
  switch (error.code) {
    case "turn-out-of-time":
      return sentences.outOfTime;
    case "service-permission-missing":
      return sentences.permissionMissing(service, error.subject ?? "unknown");
    case "service-refusal-known":
      return userServiceErrors.find(({ id }) => id === error.subject)?.user ?? sentences.unavailable(service);
    case "service-request-refused":
      return sentences.requestRefused(service, plain(error.subject ?? ""));
    default:
      return sentences.unavailable(service);
  }
}

/** What a card says that it is a sign-in to: nothing, where there is but one. */
export function serviceOf(connection: Connection, connections: readonly Connection[]): string | undefined {
  return connections.length > 1 ? nameOf(connection) : undefined;
}
