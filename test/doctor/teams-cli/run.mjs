// Runs `teams app doctor` of Microsoft's Teams CLI as it is published, in a process of its own, once for each message that it
// gets, and answers with what it printed. Three things that no local Azure has are played here, by nothing but what their services
// answer: the person's sign-in, the Teams Developer Portal's record of the app, and the process `az`, whose commands are the calls
// of Azure Resource Manager that az makes of them. All its checks are the package's own; what it keeps between two runs is that
// record alone, which no fault of ours changes.
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { folder, app, subscriptionId, tenantId } = JSON.parse(process.argv[2]);
let tokens;
const dist = pathToFileURL(join(folder, "node_modules/@microsoft/teams.cli/dist/")).href;

globalThis.__teamsCli = {
  token: async (scopes) => (scopes.join(" ").includes("graph") ? tokens.graph : "developer portal"),
  az,
};
const played = {
  "auth/index.js": `
    export const [graphScopes, teamsDevPortalScopes, loginScopes] = [["graph"], ["portal"], []];
    export const getTokenSilent = (scopes) => globalThis.__teamsCli.token(scopes);
    export const getAccount = async () => ({ username: "ada@contoso.example", tenantId: "${tenantId}" });
    export const [getMsalClient, login, logout, msalConfig, paths] = [];`,
  "utils/az.js": `
    export const runAz = (args) => globalThis.__teamsCli.az(args);
    export const isAzInstalled = async () => true;
    export const isAzLoggedIn = async () => true;
    export const ensureAz = async () => {};`,
};
registerHooks({
  load(url, context, next) {
    const source = url.startsWith(dist) ? played[url.slice(dist.length)] : undefined;
    return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
  },
});

/** https://learn.microsoft.com/cli/azure/bot: what az prints is what Azure Resource Manager answers. */
async function az(args) {
  const option = (name) => args[args.indexOf(name) + 1];
  const bot = () =>
    `/resourceGroups/${option("--resource-group")}/providers/Microsoft.BotService/botServices/${option("--name")}`;
  const said = args.join(" ");
  if (said === "account show") return { id: subscriptionId, tenantId };
  if (said.startsWith("resource list")) {
    const { value } = await arm(
      "/resources",
      "2021-04-01",
      "&$filter=resourceType eq 'Microsoft.BotService/botServices'",
    );
    return args.includes("--name") ? value.filter(({ name }) => name === option("--name")) : value.map(withGroup);
  }
  if (said.startsWith("graph query")) {
    const { value } = await arm("/providers/Microsoft.BotService/botServices", "2022-09-15");
    const [, wanted] = /msaAppId =~ '([^']+)'/.exec(said) ?? [];
    const hits = value.filter(({ properties }) => properties.msaAppId.toLowerCase() === wanted.toLowerCase());
    return { data: hits.map((hit) => ({ ...withGroup(hit), subscriptionId, msaAppId: hit.properties.msaAppId })) };
  }
  if (said.startsWith("resource show")) return get(option("--ids"), "2022-09-15");
  if (said.startsWith("bot show")) return arm(bot(), "2022-09-15");
  if (said.startsWith("bot msteams show")) return arm(`${bot()}/channels/MsTeamsChannel`, "2022-09-15");
  if (said.startsWith("bot authsetting list")) return (await arm(`${bot()}/connections`, "2022-09-15")).value;
  if (said.startsWith("bot authsetting show"))
    return arm(`${bot()}/connections/${option("--setting-name")}`, "2022-09-15");
  throw new Error(`az ${said} is not played`);
}

const withGroup = (resource) => ({ ...resource, resourceGroup: /resourceGroups\/([^/]+)/i.exec(resource.id)[1] });
const arm = (path, version, more = "") => get(`/subscriptions/${subscriptionId}${path}`, version, more);
async function get(id, version, more = "") {
  const answer = await fetch(`https://management.azure.com${id}?api-version=${version}${more}`, {
    headers: { authorization: `Bearer ${tokens.arm}` },
  });
  if (!answer.ok) throw new Error(`az: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const { fetch } = globalThis;
globalThis.fetch = (address, init) => {
  const url = new URL(address);
  if (url.host !== "dev.teams.microsoft.com") return fetch(address, init);
  // A bot that is not there is one in Azure.
  return url.pathname.includes("/appdefinitions/") ? Response.json(app) : new Response(null, { status: 404 });
};

const { appDoctorCommand } = await import(`${dist}commands/app/doctor.js`);
let printed = "";
process.stdout.write = (text) => {
  printed += text;
  return true;
};
process.on("message", async (given) => {
  tokens = given;
  printed = "";
  await appDoctorCommand.parseAsync([app.teamsAppId, "--json"], { from: "user" });
  process.send(printed);
});
process.on("disconnect", () => process.exit(0));
process.send("ready");
