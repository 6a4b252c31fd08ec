import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveOf, createCloud, echoApp, siteBody, type Cloud } from "./cloud";

const home = "https://echo-bot.azurewebsites.net";
const scm = "https://echo-bot.scm.azurewebsites.net";

let cloud: Cloud;
beforeEach(async () => {
  cloud = await createCloud();
  await cloud.arm("PUT", cloud.siteId, siteBody(cloud));
});
afterEach(() => cloud.close());

const bearer = (
  audience = "https://appservice.azure.com",
  oid = cloud.azure.tenant.deployer.objectId,
): HeadersInit => ({
  authorization: `Bearer ${audience}|${oid}`,
});
const app = (version: string): string => echoApp.replace("VERSION", version);
const running = async (): Promise<string> => (await cloud.askApp()).version;

/** Polls ARM until a deployment is over. */
async function outcome(id: string): Promise<{ status: string; errors: { message: string }[] | null }> {
  for (;;) {
    const { body } = await cloud.arm("GET", `${cloud.siteId}/deploymentStatus/${id}`);
    if (/Successful|Failed|Aborted/.test(body.properties.status) && body.properties.status !== "BuildSuccessful") {
      return body.properties;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("an asynchronous push answers 202 with the deployment's id, and ARM follows it to the started app", async () => {
  const answer = await cloud.push(archiveOf({ "index.js": app("1") }), "type=zip&async=true");
  expect(answer.status).toBe(202);
  const id = answer.headers.get("scm-deployment-id")!;
  expect(answer.headers.get("location")).toContain(`${scm}/api/deployments/latest`);
  expect((await cloud.arm("GET", `${cloud.siteId}/deploymentStatus/unknown`)).status).toBe(404);
  expect(await outcome(id)).toMatchObject({
    status: "RuntimeSuccessful",
    numberOfInstancesSuccessful: 1,
    errors: null,
  });
  expect(await running()).toBe("1");
  const latest = await cloud.ask(`${scm}/api/deployments/latest`, { headers: bearer() });
  expect([latest.status, await latest.json()]).toMatchObject([200, { id, status: 4, complete: true, active: true }]);
});

test("a file is copied only if its time differs: the same time leaves old code running", async () => {
  await cloud.push(archiveOf({ "index.js": app("1") }));
  expect(await running()).toBe("1");
  await cloud.push(archiveOf({ "index.js": app("2") }));
  expect(await running()).toBe("1");
  await cloud.push(archiveOf({ "index.js": app("3") }, "2026-01-02T03:04:08"));
  await until(async () => (await running()) === "3");
});

test("a push removes what the archive no longer holds, unless clean=false", async () => {
  const listing = `require("node:http").createServer((_, response) =>
    response.end(JSON.stringify({ version: require("node:fs").readdirSync(".").join() }))).listen(process.env.PORT)`;
  await cloud.push(archiveOf({ "index.js": listing, "public/chat.js": "1", "a.txt": "1" }));
  expect(await running()).toBe("a.txt,index.js,public");
  await cloud.push(archiveOf({ "index.js": listing, "b.txt": "1" }), "type=zip&clean=false");
  expect(await running()).toBe("a.txt,b.txt,index.js,public");
  await cloud.push(archiveOf({ "index.js": listing }));
  expect((await running()).split(",")).toEqual(expect.not.arrayContaining(["a.txt", "b.txt"]));
});

test("an archive that reaches outside the content folder or is none fails the deployment, and the app stays", async () => {
  await cloud.push(archiveOf({ "index.js": app("1") }));
  const outside = await cloud.push(archiveOf({ "../outside.js": "x" }));
  expect([outside.status, await outside.text()]).toEqual([400, expect.stringContaining("outside the specified")]);
  const none = await cloud.push(new Uint8Array([1, 2, 3]), "type=zip&async=true");
  expect(await outcome(none.headers.get("scm-deployment-id")!)).toMatchObject({
    status: "BuildFailed",
    errors: [{ message: "End of Central Directory record could not be found." }],
  });
  expect(await running()).toBe("1");
});

test("a second push during one is refused, and a settings write ends the one under way", async () => {
  const first = await cloud.push(archiveOf({ "index.js": app("1") }), "type=zip&async=true");
  expect((await cloud.push(archiveOf({ "index.js": app("2") }))).status).toBe(409);
  await cloud.arm("PUT", `${cloud.siteId}/config/appsettings`, { properties: { A: "1" } });
  const id = first.headers.get("scm-deployment-id")!;
  // The write may come when the files are in place already; what must not be is a push that never ends.
  expect(["BuildAborted", "RuntimeSuccessful"]).toContain((await outcome(id)).status);
  expect((await cloud.push(archiveOf({ "index.js": app("3") }, "2026-01-03T00:00:00"))).status).toBe(200);
  await until(async () => (await running()) === "3");
});

test("a push whose app does not start is RuntimeFailed and says why", async () => {
  const answer = await cloud.push(archiveOf({ "index.js": "process.exit(7)" }), "type=zip&async=true");
  expect(await outcome(answer.headers.get("scm-deployment-id")!)).toMatchObject({
    status: "RuntimeFailed",
    numberOfInstancesFailed: 1,
    errors: [{ message: "The app did not start: it ended before it answered (exit code 7)." }],
  });
});

test("Kudu takes only bearer tokens for App Service from callers who may publish", async () => {
  const ask = async (headers?: HeadersInit): Promise<number> => (await cloud.ask(`${scm}/`, { headers })).status;
  expect(await ask()).toBe(401);
  expect(await ask({ authorization: `Basic ${btoa("$echo-bot:password")}` })).toBe(401);
  expect(await ask(bearer("https://graph.microsoft.com"))).toBe(401);
  expect(await ask(bearer("https://appservice.azure.com", "somebody-else"))).toBe(403);
  expect(await ask(bearer())).toBe(200);
  expect(await ask(bearer("https://management.core.windows.net"))).toBe(200);
});

test("a push of the wrong type or content type is refused as a request, not tried", async () => {
  const post = async (query: string, type: string): Promise<number> =>
    (
      await cloud.ask(`${scm}/api/publish?${query}`, {
        method: "POST",
        headers: { ...bearer(), "content-type": type },
        body: "{}",
      })
    ).status;
  expect(await post("type=zip", "application/json")).toBe(400);
  expect(await post("type=war", "application/octet-stream")).toBe(400);
  expect(await post("", "application/octet-stream")).toBe(400);
  const list = await cloud.ask(`${scm}/api/deployments`, { headers: bearer() });
  expect(await list.json()).toEqual([]);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come true within 5 s");
}

test("a link that the app made of one of its folders leads no later push outside the site", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "elsewhere-"));
  try {
    const linking = `require("node:fs").symlinkSync(${JSON.stringify(elsewhere)}, "static"); ${echoApp}`;
    expect((await cloud.push(archiveOf({ "index.js": linking }))).status).toBe(200);
    expect((await cloud.ask(home)).status).toBe(200);
    const pushed = await cloud.push(archiveOf({ "index.js": echoApp, "static/page.html": "x" }, "2026-02-02T03:04:06"));
    expect([pushed.status, await pushed.text()]).toEqual([
      400,
      expect.stringContaining("static/page.html would land outside the site's folder"),
    ]);
    expect(await readdir(elsewhere)).toEqual([]);
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
});

test("one file of the site's folder is read through Kudu, and nothing outside of it", async () => {
  await cloud.push(archiveOf({ "index.js": app("1"), "build.json": '{"hash":"one"}' }));
  const read = (path: string): Promise<Response> =>
    cloud.ask(`${scm}/api/vfs/site/wwwroot/${path}`, { headers: bearer() });
  expect(await (await read("build.json")).text()).toBe('{"hash":"one"}');
  expect((await read("absent.json")).status).toBe(404);
  expect((await read("..%2F..%2F..%2Fstartup.sh")).status).toBe(404);
  expect(await (await read("")).text()).toContain("The local Azure does not serve Kudu's lists of folders");
  expect((await cloud.ask(`${scm}/api/vfs/site/wwwroot/build.json`)).status).toBe(401);
});

test("a build that Azure alone does fails in the local Azure's own name", async () => {
  const body = siteBody(cloud, { SCM_DO_BUILD_DURING_DEPLOYMENT: "true" });
  await cloud.arm("PUT", cloud.siteId, body);
  const pushed = await cloud.push(archiveOf({ "index.js": app("1") }));
  expect(pushed.status).toBe(400);
  expect(await pushed.text()).toContain("The local Azure does not serve the build of a NODE|24-lts app");
});
