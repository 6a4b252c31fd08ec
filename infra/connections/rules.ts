import type { ProblemCode } from "../settings/settings-error";
import type { ConnectionArgs } from "./connection";
import {
  contradictions,
  missingScopes,
  noOfflineAccess,
  sameNames,
  sameSkills,
  severalResources,
  unused,
} from "./conflicts";
import { missingParts, secretsInClear } from "./missing-parts";
import { unknownFields, wrongValues } from "./wrong-values";
import type { Circumstances, Finding, Written } from "./written-connection";

/** A rule about one connection. */
export interface ConnectionRule {
  readonly code: ProblemCode;
  /** `warned` connections are deployed. */
  readonly outcome: "refused" | "warned";
  /** What is refused or warned of, as the documents say it. */
  readonly says: string;
  find(connection: Written, circumstances: Circumstances): Iterable<Finding>;
}

/** All that can be wrong with a connection as far as it can be told without Azure; before anything is made. */
export const connectionRules: readonly ConnectionRule[] = [
  {
    code: "unknown-setting",
    outcome: "refused",
    says: "a field that no connection of its provider has",
    find: unknownFields,
  },
  {
    code: "wrong-value",
    outcome: "refused",
    says: "a value that Azure or the provider would not take: name, provider, skill, scope, parameter",
    find: wrongValues,
  },
  {
    code: "missing-setting",
    outcome: "refused",
    says: "something missing without which the provider signs nobody in: name, scopes, client id, secret, a required parameter",
    find: missingParts,
  },
  {
    code: "duplicate-connection",
    outcome: "refused",
    says: "two connections of one name, whatever the case",
    find: sameNames,
  },
  {
    code: "plain-secret",
    outcome: "refused",
    says: "a client secret in clear",
    find: secretsInClear,
  },
  {
    code: "contradiction",
    outcome: "refused",
    says: "fields that contradict each other: a secret without its client id, permissions without `.default`, a skill at a provider whose tokens its service does not take",
    find: contradictions,
  },
  {
    code: "several-resources",
    outcome: "refused",
    says: "scopes of two APIs in one Entra connection: a token is for one (AADSTS28000)",
    find: severalResources,
  },
  {
    code: "scope-missing",
    outcome: "refused",
    says: "a skill without the scopes that it needs",
    find: missingScopes,
  },
  {
    code: "skill-twice",
    outcome: "refused",
    says: "two connections for one skill: only one of them would ever be used",
    find: sameSkills,
  },
  {
    code: "no-offline-access",
    outcome: "warned",
    says: "an Entra connection without `offline_access`: users sign in again each hour",
    find: noOfflineAccess,
  },
  {
    code: "unused-connection",
    outcome: "warned",
    says: "a connection that neither a skill nor the chat page nor code of one's own uses",
    find: unused,
  },
];

/** A connection that no rule refused, with its provider said. */
export type KnownConnection = ConnectionArgs & { readonly provider: string };
