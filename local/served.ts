import "./node-version";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { publishedVersions } from "./azure/arm/api-versions";
import { startLocalAzure, type LocalAzure } from "./azure/azure";

/** The document that this makes. */
export const servedFile = "docs/local-azure.md";

/** What the local Azure serves, as Markdown: made from its host table and its resource table, never by hand. */
export function servedAsMarkdown({ hosts, resourceTypes }: Pick<LocalAzure, "hosts" | "resourceTypes">): string {
  const paths = hosts
    .paths()
    .map(
      ({ service, hosts: [host], paths: rows }) =>
        `### ${service} (\`${host}\`)\n\n${rows.map((row) => `- \`${row}\``).join("\n")}\n`,
    );
  const gaps = hosts.gaps().flatMap(({ service, lacks }) => lacks.map((what) => `- ${service}: ${what}`));
  const services = new Map<string, string[]>();
  for (const { host, service } of hosts.rows()) services.set(service, [...(services.get(service) ?? []), host]);
  const hostRows = [...services].map(
    ([service, names]) => `| ${service} | ${names.map((name) => `\`${name}\``).join(", ")} |`,
  );
  const typeRows = [...resourceTypes]
    .sort((one, other) => one.type.localeCompare(other.type))
    .map(({ type, methods, actions, reads }) => {
      const more = [
        ...Object.keys(actions ?? {}).map((path) => `POST ${path}`),
        ...Object.keys(reads ?? {}).map((path) => `GET ${path}`),
      ];
      const own = ["GET", "LIST", "PUT", ...(methods ?? ["PATCH", "DELETE"])];
      return `| \`${type}\` | ${own.join(", ")} | ${more.join(", ")} |`;
    });
  const namespaceRows = [...resourceTypes].flatMap(({ type, namespaceActions }) =>
    Object.keys(namespaceActions ?? {}).map((row) => `- \`${row.replace(" ", ` ${type.split("/")[0]}/`)}\``),
  );
  const versionRows = publishedVersions().map(([type, versions]) => `| \`${type}\` | ${versions.join(", ")} |`);
  return `# What the local Azure serves

Made by \`npm run docs\` from the host table and the table of resource types. All else is refused, by name.

## Hosts

| service | hosts |
|---|---|
${hostRows.join("\n")}

Each is also served to browsers as \`http://localhost:5100/<host>/...\`.

## Paths

Of these services only what is listed; Microsoft Graph's paths below \`/beta\` as well.

What the real service has and the local Azure lacks is refused with status 400 and the code \`NotServedByLocalAzure\`, by every
service, and a line in the terminal says what it was. Azure's own "not found" is said only of what Azure lacks, too: of
Azure Resource Manager by the list of Azure's own paths in \`local/azure/arm/azure-paths.txt\`, of Microsoft Graph by its first
segments. Where nobody here knows what the real service has, the refusal says "may".

${paths.join("\n")}
### Of these services not

${gaps.join("\n")}

## Resource types of Azure Resource Manager

Besides these: subscriptions, tenants, resource providers and their registration, resource groups, tags at any
scope, and the activity log of writes (\`GET .../providers/Microsoft.Insights/eventtypes/management/values\`).

| type | operations | others |
|---|---|---|
${typeRows.join("\n")}

Of the namespaces themselves, at the tenant or below a subscription:

${namespaceRows.join("\n")}

### Api-versions

All that were published or recorded; an api-version that has come to its announced end is refused from that day on.

| namespace or type | api-versions |
|---|---|
${versionRows.join("\n")}
`;
}

/** `npm run docs`: writes the document. */
async function main(): Promise<void> {
  const root = resolve(__dirname, "..");
  const azure = await startLocalAzure({ port: 0 });
  await writeFile(join(root, servedFile), servedAsMarkdown(azure));
  await azure.close();
}

if (require.main === module) void main();
