import { entra } from "../../contract/connection";
import type { Problem } from "./settings-error";
import { throughSignInApp } from "../connections/apis";
import type { ConnectionArgs } from "../connections/connection";
import { connectionRules, type ConnectionRule, type KnownConnection } from "../connections/rules";
import { type Circumstances, exampleConnection, type Written } from "../connections/written-connection";

/** What of the deployment is looked at to warn of connections: see {@link warningsOf}. */
export type Use = Pick<Circumstances, "ownCode" | "ofChatPage" | "sdk">;

/**
 * Reads the connections, as a stack file or a program writes them. Nothing is asked of Azure.
 * @param value the list, with nothing known of it yet
 * @param encrypted whether Pulumi keeps some of it encrypted; it does not say which part
 * @param inFile whether it stands in a stack file, where a secret is encrypted or in clear; a program holds it as it likes
 * @returns the connections, empty where there is a problem, and every problem
 */
export function readConnections(
  value: unknown,
  encrypted: boolean,
  inFile = true,
): { connections: KnownConnection[]; problems: Problem[] } {
  const entries: unknown[] = Array.isArray(value) ? value : [];
  // Who has a secret in the list has encrypted that. Who has none has encrypted the list as a whole, and may have meant it.
  const secrets = entries.map((entry) => (isObject(entry) ? entry["clientSecret"] : undefined));
  const secretive = encrypted && secrets.every((secret) => secret === undefined);
  const show = <P extends { seen?: string }>(problem: P): P => {
    if (problem.seen === undefined) return problem;
    const holds = secrets.some(
      (secret) => typeof secret === "string" && secret !== "" && problem.seen!.includes(secret),
    );
    return secretive || holds ? { ...problem, seen: "a secret (not shown)" } : problem;
  };
  if (entries.length === 0) {
    const allowed = "a list of at least one connection, each with name, provider and scopes";
    const seen = value === undefined ? {} : { seen: encrypted ? "a secret (not shown)" : JSON.stringify(value) };
    const code = value === undefined ? "missing-setting" : "wrong-value";
    return {
      connections: [],
      problems: [{ code, setting: "connections", ...seen, allowed, example: exampleConnection }],
    };
  }
  const problems: Problem[] = entries.flatMap((entry, at): Problem[] =>
    isObject(entry)
      ? []
      : [
          {
            code: "wrong-value",
            setting: `connections[${at}]`,
            seen: encrypted ? "a secret (not shown)" : JSON.stringify(entry),
            allowed: "an object with name, provider and scopes",
            example: exampleConnection,
          },
        ],
  );
  const nobody = { ownCode: true, ofChatPage: [] };
  for (const problem of findings("refused", entries, { inClear: inFile && !encrypted, ...nobody })) {
    // A misspelt secret has no name by which it could be known for one.
    problems.push(
      show(encrypted && problem.code === "unknown-setting" ? { ...problem, seen: "a secret (not shown)" } : problem),
    );
  }
  return {
    connections: problems.length > 0 ? [] : entries.map((entry) => withProvider(entry as ConnectionArgs)),
    problems,
  };
}

/** What nobody has to change, and many would want to: a problem each, of connections that {@link readConnections} let pass. */
export function warningsOf(connections: readonly ConnectionArgs[], use: Use): Problem[] {
  return [...findings("warned", connections, { inClear: false, ...use })];
}

function* findings(
  outcome: ConnectionRule["outcome"],
  entries: readonly unknown[],
  circumstances: Omit<Circumstances, "all" | "at">,
): Iterable<Problem> {
  // Places are those of the list, whatever else stands in it.
  const all = entries.map((entry): Written => (isObject(entry) ? entry : {}));
  for (const [at, entry] of entries.entries()) {
    if (!isObject(entry)) continue;
    for (const rule of connectionRules.filter((one) => one.outcome === outcome)) {
      for (const { field, code = rule.code, ...finding } of rule.find(entry, { ...circumstances, all, at })) {
        yield { code, setting: `connections[${at}]${field ? `.${field}` : ""}`, ...finding };
      }
    }
  }
}

/** Connections of the sign-in application's, each saying whether it does without a client secret. */
export function withSecretless<C extends ConnectionArgs>(connections: readonly C[], secretless: boolean): C[] {
  return connections.map((one) => (throughSignInApp(one) ? { ...one, secretless: one.secretless ?? secretless } : one));
}

/** A connection with its provider said. */
export function withProvider<C extends ConnectionArgs>(connection: C): C & { readonly provider: string } {
  return { ...connection, provider: connection.provider ?? entra };
}

function isObject(value: unknown): value is Written {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
