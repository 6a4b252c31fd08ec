import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { directory, resources, webAppAndBot } from "./support/lines";
import { failed, session, type SignIn } from "./support/shell";

let azure: LocalAzure;
const log: string[] = [];
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0, onLog: (line) => log.push(line) });
});
afterAll(() => azure.close());

test.each<[what: string, signIn: SignIn, lines: readonly string[]]>([
  ["a web app and a bot", "deployer", webAppAndBot],
  ["groups, locks, storage, vaults, logs, roles, templates and networks", "deployer", resources],
  ["applications and people", "ada", directory],
])("whoever types what he types at Azure for %s is answered", async (_, signIn, lines) => {
  const ended = await session(azure, signIn, lines);
  expect(failed(ended)).toEqual([]);
});

test("a locked group is not deleted, and az says by which lock", async () => {
  const [, , , refused] = await session(azure, "deployer", [
    "az group create -n locked -l westeurope",
    "az lock create -n keep -g locked --lock-type CanNotDelete",
    "az group delete -n locked --yes",
  ]);
  expect([refused!.status, refused!.told]).toEqual([1, expect.stringContaining("ScopeLocked")]);
});

test("a gap is told in its own name, to the one who asked and in the terminal", async () => {
  const [, , refused] = await session(azure, "deployer", [
    "az group create -n gap -l westeurope",
    "az network public-ip create -g gap -n ip",
  ]);
  expect([refused!.status, refused!.told]).toEqual([
    1,
    expect.stringContaining(
      "The local Azure does not serve PUT Microsoft.Network/publicIPAddresses/{name}; Azure does.",
    ),
  ]);
  expect(log.join("\n")).toContain("asked for PUT Microsoft.Network/publicIPAddresses/{name}, which the local Azure");
});

test("a push with a name and a password is refused where basic authentication is off", async () => {
  const [, , , , credentials] = await session(azure, "deployer", [
    "az group create -n basic -l westeurope && az appservice plan create -g basic -n plan --is-linux --sku B1",
    'az webapp create -g basic -p plan -n app-of-mine-2 --runtime "NODE:24-lts"',
    "az resource update --ids $(az webapp show -g basic -n app-of-mine-2 --query id -o tsv)/basicPublishingCredentialsPolicies/scm --set properties.allow=false",
    "curl -sf -u \"$(az webapp deployment list-publishing-credentials -g basic -n app-of-mine-2 --query 'join(`:`, [publishingUserName, publishingPassword])' -o tsv)\" https://app-of-mine-2.scm.azurewebsites.net/api/deployments",
  ]);
  expect(credentials!.status).toBe(22);
});

test("somebody signs in to az with the code that it prints", async () => {
  let folder = "";
  const lines = [
    "az login --use-device-code 2> >(tee told >&2)",
    "az ad signed-in-user show --query displayName -o tsv | grep Ada",
  ];
  const ended = session(azure, "deployer", lines, (path) => (folder = path));
  const typed = await enterCode(() => readFileSync(join(folder, "told"), "utf8"));
  expect(typed).toContain("You have signed in");
  expect(failed(await ended)).toEqual([]);
});

/** Opens the page that az names in a browser of Ada's, types the code, and signs in. */
async function enterCode(told: () => string): Promise<string> {
  const page = "https://login.microsoft.com/device";
  let cookies: string[] = [];
  const send = async (url: string, fields: Record<string, string>): Promise<string> => {
    const answer = await azure.call("person", url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie: cookies.join("; ") },
      body: new URLSearchParams(fields).toString(),
    });
    cookies = [...cookies, ...answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] as string)];
    return answer.text();
  };
  let code: string | undefined;
  while (code === undefined) {
    await new Promise((soon) => setTimeout(soon, 200));
    // Only az says it: the trace hides what lets somebody in.
    try {
      code = /enter the code (\w+)/.exec(told())?.[1];
    } catch {
      // az has not said anything yet.
    }
  }
  const signIn = await send(page, { code });
  const action = /action="([^"]+)"/.exec(signIn)?.[1] ?? "";
  const flow = /name="flow" value="([^"]+)"/.exec(signIn)?.[1] ?? "";
  return send(action, { flow, account: "ada@contoso.example", password: azure.tenant.password });
}
