import type { Connection, SetUp, WantedConnection } from "../../set-up";
import type { Seen } from "../check";

/** `wanted` is what the settings say of the connection; undefined where they do not name it, or nobody knows them. */
type Look = (
  connection: Connection,
  setUp: SetUp,
  wanted: WantedConnection | undefined,
) => Iterable<Omit<Seen, "about">>;

/** Looks at each connection by itself. Of an application that was handed in, nothing is mended by the program. */
export const each = (look: Look) =>
  function* (setUp: SetUp): Iterable<Seen> {
    for (const connection of setUp.connections) {
      const wanted = setUp.wanted?.connections.find(({ name }) => name === connection.name);
      const handedIn =
        wanted?.clientId !== undefined ||
        setUp.wanted?.existingSignInApp?.toLowerCase() === connection.clientId.toLowerCase();
      for (const seen of look(connection, setUp, wanted)) {
        const ofOthers = seen.ofOthers ?? (handedIn && seen.where.startsWith("application "));
        yield { ...seen, about: connection.name, ofOthers };
      }
    }
  };

/** How a connection gets other parameters. */
export const updateConnection =
  "az bot authsetting delete, then az bot authsetting create with the right values: Bot Service keeps the parameters of one that exists";

/** Whether people sign in at Entra ID by it. */
export const byEntra = ({ proof }: Connection): boolean => proof !== "other";

/** The tenant at which people sign in. */
export const tenantOf = ({ parameters }: Connection): string => parameters.get("tenantid") || "common";

/** Whether the application of a connection is looked for in the tenant that could be read. */
export function isHere(connection: Connection, { tenantId }: SetUp): boolean {
  const tenant = tenantOf(connection).toLowerCase();
  return tenant === tenantId.toLowerCase() || ["common", "organizations"].includes(tenant);
}

/** Where a finding about a connection's application is. */
export const application = (connection: Connection): string => `application ${connection.clientId}`;
