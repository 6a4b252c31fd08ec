import { ends } from "../../../infra/facts/ends";

/**
 * The api-versions of the namespaces that are served: those that azure-native's packages list for its resources, that
 * Azure's description of the namespace has a folder for (azure-rest-api-specs, `resource-manager/<namespace>`), or that
 * azure-cli was recorded with or asks for (2.91), or that Azure's clients for Python send. Any other is refused, as Azure refuses it.
 *
 * A namespace's list holds for all its types; a type that has its own stands by its whole name.
 */
const published: Readonly<Record<string, string>> = {
  "Microsoft.Authorization/locks": "2015-01-01 2015-05-01-preview 2016-09-01 2017-04-01 2020-05-01",
  "Microsoft.Authorization/policyAssignments":
    "2015-11-01 2016-04-01 2016-12-01 2017-06-01-preview 2018-03-01 2018-05-01 2019-01-01 2019-06-01 2019-09-01 " +
    "2020-03-01 2020-08-01 2020-09-01 2021-06-01 2022-06-01 2023-04-01 2024-04-01 2024-05-01 2025-01-01 2025-03-01 2025-11-01",
  "Microsoft.Authorization/roleAssignments":
    "2014-10-01-preview 2015-07-01 2017-10-01-preview 2018-01-01-preview 2018-09-01-preview 2020-03-01-preview " +
    "2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2022-04-01",
  "Microsoft.Authorization/roleDefinitions":
    "2014-10-01-preview 2015-07-01 2018-01-01-preview 2022-04-01 2022-05-01-preview",
  "Microsoft.BotService":
    "2017-12-01 2018-07-12 2020-06-02 2021-03-01 2021-05-01-preview 2022-06-15-preview 2022-09-15 2023-09-15-preview",
  "Microsoft.Insights": "2015-07-01 2016-09-01 2017-05-01-preview 2021-05-01-preview",
  "Microsoft.Insights/eventtypes": "2014-04-01 2014-11-01 2015-04-01 2016-09-01-preview 2017-03-01-preview",
  "Microsoft.KeyVault":
    "2015-06-01 2016-10-01 2018-02-14 2018-02-14-preview 2019-09-01 2020-04-01-preview 2021-04-01-preview " +
    "2021-06-01-preview 2021-10-01 2021-11-01-preview 2022-02-01-preview 2022-07-01 2022-11-01 2023-02-01 2023-07-01 " +
    "2024-04-01-preview 2024-11-01 2024-12-01-preview 2025-05-01 2026-02-01 2026-03-01-preview " +
    "2026-05-15",
  "Microsoft.ManagedIdentity":
    "2015-08-31-preview 2018-11-30 2021-09-30-preview 2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30 " +
    "2025-01-31-preview 2025-05-31-preview",
  "Microsoft.Network":
    "2018-06-01 2018-07-01 2018-08-01 2018-10-01 2018-11-01 2018-12-01 2019-02-01 2019-04-01 2019-06-01 2019-07-01 " +
    "2019-08-01 2019-09-01 2019-11-01 2019-12-01 2020-03-01 2020-04-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01 " +
    "2020-11-01 2021-02-01 2021-03-01 2021-05-01 2021-08-01 2022-01-01 2022-05-01 2022-07-01 2022-09-01 2022-11-01 " +
    "2023-02-01 2023-04-01 2023-05-01 2023-06-01 2023-09-01 2023-11-01 2024-01-01 2024-03-01 2024-05-01 2024-07-01 " +
    "2024-10-01 2025-01-01 2025-03-01 2025-05-01 2025-07-01 2025-09-01 2026-01-01",
  "Microsoft.Network/privateDnsZones": "2018-09-01 2020-01-01 2020-06-01 2024-06-01",
  "Microsoft.OperationalInsights":
    "2015-03-20 2015-11-01-preview 2020-03-01-preview 2020-08-01 2020-10-01 2021-06-01 2021-12-01-preview 2022-10-01 " +
    "2023-09-01 2025-02-01 2025-07-01",
  "Microsoft.PolicyInsights": "2020-07-01 2022-03-01 2023-03-01 2024-10-01",
  "Microsoft.Resources":
    "2015-11-01 2016-02-01 2016-06-01 2016-07-01 2016-09-01 2017-05-10 2018-02-01 2018-05-01 2018-06-01 2019-03-01 " +
    "2019-05-01 2019-05-10 2019-06-01 2019-07-01 2019-08-01 2019-10-01 2019-11-01 2020-01-01 2020-06-01 2020-08-01 " +
    "2020-10-01 2021-01-01 2021-04-01 2021-10-01 2022-01-01 2022-05-01 2022-06-01 2022-09-01 2022-12-01 " +
    "2023-03-01-preview 2023-07-01 2024-03-01 2024-07-01 2024-08-01 2024-11-01 2025-03-01 2025-04-01 2025-07-01",
  "Microsoft.Storage":
    "2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01 2018-03-01-preview 2018-07-01 " +
    "2018-11-01 2019-04-01 2019-06-01 2020-08-01-preview 2021-01-01 2021-02-01 2021-04-01 2021-05-01 2021-06-01 " +
    "2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 2023-04-01 2023-05-01 2024-01-01 2025-01-01 2025-06-01 " +
    "2025-08-01 2026-04-01 2026-09-01",
  "Microsoft.Web":
    "2015-08-01 2016-03-01 2016-08-01 2016-09-01 2018-02-01 2018-11-01 2019-08-01 2020-06-01 2020-09-01 2020-10-01 " +
    "2020-12-01 2021-01-01 2021-01-15 2021-02-01 2021-03-01 2022-03-01 2022-09-01 2023-01-01 2023-12-01 2024-04-01 " +
    "2024-11-01 2025-03-01 2025-05-01 2026-03-01-preview 2026-03-15 2026-07-15",
};

/**
 * The published api-versions of a type, oldest first: of the longest name that there is a list for.
 * @param type `Microsoft.Web/sites/config`, or a namespace alone
 */
export function apiVersionsOf(type: string): readonly string[] {
  for (let name = type; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf("/")))) {
    const found = published[name];
    if (found !== undefined) return found.split(" ");
  }
  throw new Error(`No api-versions are written down for ${type}.`);
}

/** Every list, by the namespace or type that it holds for. */
export function publishedVersions(): (readonly [type: string, versions: readonly string[]])[] {
  return Object.keys(published).map((type) => [type, apiVersionsOf(type)]);
}

/** Those of a type's api-versions that have not ended. */
export function livingVersions(type: string, versions: readonly string[], now: Date): readonly string[] {
  const over = ends.flatMap(({ of, at }) =>
    of.part === "api-version" && type.startsWith(`${of.namespace}/`) && now >= new Date(at) ? [of.before] : [],
  );
  return versions.filter((version) => over.every((before) => version >= before));
}
