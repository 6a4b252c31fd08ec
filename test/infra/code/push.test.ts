import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pushCode } from "../../../infra/code/push";
import { botHealth } from "../../../infra/provider/bot-health";
import { deployedCode } from "../../../infra/provider/deployed-code";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { armError } from "../provider/stand-in-access";
import { type Behaviour, health, target, WebAppStandIn } from "./web-app-stand-in";

let folder: string;
let zipPath: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "push-"));
  zipPath = path.join(folder, "bot.zip");
  await writeFile(zipPath, "zip");
});
afterAll(() => rm(folder, { recursive: true }));

const push = async (change: Partial<Behaviour> = {}, tokens?: (scope: string) => string) => {
  const app = new WebAppStandIn(change, tokens);
  const outcome = await pushCode({ ...target, zipPath }, app.access).catch((error: unknown) => error);
  return { app, outcome };
};
const busy = (): Response => new Response("Deployment in progress", { status: 409 });
const published = (id: string) => () => new Response(null, { status: 202, headers: { "scm-deployment-id": id } });

test("an app that answers at once is deployed in one pass and practically without waiting", async () => {
  const { app, outcome } = await push();
  expect(outcome).toEqual(health());
  expect(app.steps).toEqual([
    "GET site",
    "GET references",
    "GET deployments",
    "GET deployments",
    "POST publish",
    "GET status d-1",
    // It is there; it is well.
    "GET health",
    "GET health",
  ]);
  expect(app.access.waits).toEqual([]);
});

test("the package goes to the host that the app names, as bytes, asynchronously, with App Service's own audience", async () => {
  const { app } = await push();
  const request = app.access.requests.find(({ url }) => url.pathname === "/api/publish")!;
  expect(request.url.href).toBe("https://my-app-x1.scm.example/api/publish?type=zip&async=true");
  expect(request.headers.get("content-type")).toBe("application/octet-stream");
  expect(app.access.scopes).toContain("https://appservice.azure.com/.default");
  expect(app.access.scopes).not.toContain("https://management.core.windows.net/.default");
});

describe("secret references", () => {
  const open = (status: string) => [{ name: "MicrosoftAppPassword", status }];

  test("that wait for a role are refreshed until they are resolved, so the literal never becomes a password", async () => {
    const { app, outcome } = await push({
      references: [open("AccessToKeyVaultDenied"), open("AccessToKeyVaultDenied"), open("Resolved")],
    });
    expect(outcome).toEqual(health());
    expect(app.steps.slice(0, 6)).toEqual([
      "GET site",
      "GET references",
      "POST refresh",
      "GET references",
      "GET references",
      "GET deployments",
    ]);
    expect(app.access.requests[2]!.url.search).toBe("?api-version=2022-03-01");
  });

  test.each([
    ["AccessToKeyVaultDenied", 600_000, "Give the web app's identity the role Key Vault Secrets User on the vault."],
    ["SecretNotFound", 50_000, "Create the secret in the vault, or correct its name in the reference."],
    ["MSINotEnabled", 50_000, "Assign the identity to the web app and name it in keyVaultReferenceIdentity."],
  ])(
    "that stay %s fail the deployment before any code is pushed, naming setting, status and fix",
    async (status, within, fix) => {
      const { app, outcome } = await push({ references: [open(status)] });
      expect(outcome).toMatchObject({
        code: "secret-reference-unresolved",
        resource: "group/providers/Microsoft.Web/sites/my-app",
        cause: `Key Vault references are not resolved: MicrosoftAppPassword is ${status}`,
        fix: `${fix} Then deploy again.`,
      });
      expect(app.access.now()).toBeLessThanOrEqual(within);
      expect(app.steps).not.toContain("POST publish");
    },
  );

  test("are not demanded from an app without any", async () => {
    expect((await push({ references: [undefined] })).outcome).toEqual(health());
  });
});

describe("the deployment service", () => {
  test("must answer twice in a row, because a settings write restarts it and would kill the push", async () => {
    const up = (): Response => Response.json([]);
    const down = (): Response => new Response("", { status: 503 });
    const { app } = await push({ scm: [down, up, down, up, up] });
    expect(app.steps.filter((step) => step === "GET deployments")).toHaveLength(5);
    expect(app.access.waits).toEqual([100, 150]);
  });

  test("that never answers is named with what it answered last", async () => {
    const { app, outcome } = await push({ scm: [() => new Response("", { status: 503 })] });
    expect(outcome).toMatchObject({
      code: "scm-unreachable",
      resource: "my-app-x1.scm.example",
      cause: "the deployment service is not ready: it answered 503",
    });
    expect(app.access.now()).toBe(300_000);
  });

  test("of an older site is asked once more with the audience it still takes", async () => {
    const { app, outcome } = await push({ scm: [() => new Response("", { status: 401 }), () => Response.json([])] });
    expect(outcome).toEqual(health());
    expect(app.access.scopes.slice(-3)).toContain("https://management.core.windows.net/.default");
  });

  test("is also reached from a tenant that does not know App Service's audience", async () => {
    const { outcome } = await push({}, (scope) => {
      if (scope.startsWith("https://appservice")) throw new AzureCallError("AADSTS500011", scope, "unknown", "none");
      return "token";
    });
    expect(outcome).toEqual(health());
  });

  test("that refuses both audiences is named with the right that is missing, at once", async () => {
    const { app, outcome } = await push({ scm: [() => new Response("", { status: 403 })] });
    expect(outcome).toMatchObject({
      code: "scm-refused",
      status: 403,
      fix: expect.stringContaining("Microsoft.Web/sites/publish/Action"),
    });
    expect(app.access.waits).toEqual([]);
  });

  test("that limits the rate of calls is asked again after the time that it names, and named where that helps nothing", async () => {
    const throttled = (): Response =>
      new Response("Too many requests", { status: 429, headers: { "retry-after": "7" } });
    const { app, outcome } = await push({ publish: [throttled, published("d-2")] });
    expect(outcome).toEqual(health());
    expect(app.access.waits).toContain(7_000);
    expect((await push({ publish: [throttled] })).outcome).toMatchObject({ code: "scm-throttled", status: 429 });
  });

  test("that is busy with another deployment is waited for and not counted as a failure", async () => {
    const { app, outcome } = await push({ publish: [busy, busy, busy, busy, published("d-2")] });
    expect(outcome).toEqual(health());
    expect(app.steps.filter((step) => step === "POST publish")).toHaveLength(5);
    expect(app.steps).toContain("GET status d-2");
  });

  test("that a dead deployment keeps locked is named with the way out", async () => {
    const { outcome } = await push({ publish: [busy] });
    expect(outcome).toMatchObject({ code: "scm-busy", fix: expect.stringContaining("restart the app") });
  });

  test("that refuses the package says why", async () => {
    const { outcome } = await push({ publish: [() => new Response("Zip is not valid", { status: 400 })] });
    expect(outcome).toMatchObject({
      code: "package-refused",
      cause: "the deployment service refused the package with 400: Zip is not valid",
    });
  });

  test("whose gateway gives up is followed by the deployment that began, not pushed to again", async () => {
    const row = { id: "d-9", received_time: "2026-01-01T00:00:00Z" };
    const none = (): Response => Response.json([]);
    const { app, outcome } = await push({
      scm: [none, none, () => Response.json([row])],
      publish: [() => new Response("", { status: 504 })],
    });
    expect(outcome).toEqual(health());
    expect(app.steps.filter((step) => step === "POST publish")).toHaveLength(1);
    expect(app.steps).toContain("GET status d-9");
  });

  test("that names no host is an error of its own, because the host cannot be guessed", async () => {
    const { outcome } = await push({ site: [() => Response.json({ properties: { hostNameSslStates: [] } })] });
    expect(outcome).toMatchObject({ code: "scm-host-missing" });
  });

  test("of a web app that does not exist is not looked for", async () => {
    const { outcome } = await push({ site: [() => armError(404, "ResourceNotFound", "was not found")] });
    expect(outcome).toMatchObject({ code: "ResourceNotFound", status: 404 });
  });
});

describe("a deployment", () => {
  test("that ARM does not know yet is waited for", async () => {
    const { app, outcome } = await push({
      status: [undefined, undefined, "BuildRequestReceived", "BuildInProgress", "RuntimeSuccessful"],
    });
    expect(outcome).toEqual(health());
    expect(app.access.waits).toEqual([100, 150, 225, 337.5]);
  });

  test("whose app already reports the code is done, without waiting for the platform to say so", async () => {
    const { app, outcome } = await push({
      status: ["BuildInProgress", "RuntimeStarting"],
      health: [health({ hash: "old" }), health()],
    });
    expect(outcome).toEqual(health());
    expect(app.steps.filter((step) => step === "GET status d-1")).toHaveLength(3);
  });

  test("that a restart killed is pushed again, three times at most", async () => {
    const again = await push({
      publish: [published("d-1"), published("d-2")],
      status: ["BuildFailed", "RuntimeSuccessful"],
    });
    expect(again.outcome).toEqual(health());

    const never = await push({ status: ["BuildAborted"] });
    expect(never.outcome).toMatchObject({
      code: "push-failed",
      cause: "3 pushes did not come through; the last one ended as BuildAborted",
    });
    expect(never.app.steps.filter((step) => step === "POST publish")).toHaveLength(3);
  });
});

describe("the health page is the last judge:", () => {
  test("a start that takes a while is waited for, first in short steps", async () => {
    const old = health({ hash: "old" });
    const { app, outcome } = await push({ health: [old, () => new Response("", { status: 502 }), old, health()] });
    expect(outcome).toEqual(health());
    expect(app.access.waits).toEqual([150, 225, 337.5]);
  });

  test("old code that keeps running fails the deployment", async () => {
    const { outcome } = await push({ health: [health({ hash: "0123456789abcdef" })] });
    expect(outcome).toMatchObject({
      code: "old-code-running",
      resource: target.healthUrl,
      cause: "the app runs code 0123456789ab, pushed was new-hash",
    });
  });

  test("new code that is unwell fails the deployment with the names of the checks and their fixes", async () => {
    const unwell = health({
      status: "unwell",
      checks: [
        { name: "settings", ok: true },
        { name: "bot token", ok: false, fix: "Create the service principal." },
        { name: "state", ok: false },
      ],
    });
    const { app, outcome } = await push({ health: [unwell] });
    expect(outcome).toMatchObject({
      code: "app-unwell",
      cause: "the new code runs and is unwell (bot token, state)",
      fix: "bot token: Create the service principal. state: see its log",
    });
    expect(app.access.now()).toBeLessThan(130_000);
  });

  test("new code that gets well in time is deployed", async () => {
    const unwell = health({ status: "unwell", checks: [{ name: "bot token", ok: false }] });
    expect((await push({ health: [unwell, unwell, health()] })).outcome).toEqual(health());
  });

  test("an app that answers nothing of its own is named with what it answers", async () => {
    const { outcome } = await push({ health: [() => new Response("<html>", { status: 503 })] });
    expect(outcome).toMatchObject({ code: "app-silent", cause: "the app answers 503 without a health page" });
    const broken = await push({
      health: [
        () => {
          throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
        },
      ],
    });
    expect(broken.outcome).toMatchObject({
      code: "app-silent",
      cause: "the app does not answer: connect ECONNREFUSED",
    });
  });

  test("code that crashes at its start is judged by what its health page says, where it has one", async () => {
    const unwell = health({ status: "unwell", checks: [{ name: "settings", ok: false, fix: "Set CHAT_TITLE." }] });
    const { outcome } = await push({ status: ["RuntimeFailed"], health: [unwell] });
    expect(outcome).toMatchObject({ code: "app-unwell", fix: "settings: Set CHAT_TITLE." });
  });
});

describe("as a resource, the code", () => {
  const over = (change: Partial<Behaviour> = {}) => {
    const app = new WebAppStandIn(change);
    return { app, provider: deployedCode(() => app.access) };
  };
  const inputs = { ...target, zipPath: "" };

  test("is pushed when its hash changes, and not because another machine keeps the zip elsewhere", async () => {
    const { provider } = over();
    expect(await provider.diff("id", inputs, { ...inputs, zipPath: "/elsewhere.zip" })).toEqual({
      changes: false,
      replaces: [],
    });
    expect(await provider.diff("id", inputs, { ...inputs, hash: "newer" })).toEqual({ changes: true, replaces: [] });
    expect(await provider.diff("id", inputs, { ...inputs, webAppName: "b" })).toEqual({
      changes: true,
      replaces: ["webAppName"],
    });
    expect((await provider.update("id", inputs, { ...inputs, zipPath })).outs).toEqual({ ...inputs, zipPath });
  });

  test("that somebody else deployed over ours is seen by a refresh and replaced by the next deployment", async () => {
    const { provider } = over({ health: [health({ hash: "foreign" })] });
    const read = await provider.read("id", inputs);
    expect(read).toEqual({ id: "id", props: { ...inputs, hash: "foreign" } });
    expect(await provider.diff("id", read!.props!, inputs)).toEqual({ changes: true, replaces: [] });
  });

  test("of an app that is silent at the moment is left alone; of one that is gone, it is gone", async () => {
    const silent = over({ health: [() => new Response("", { status: 503 })] });
    expect(await silent.provider.read("id", inputs)).toEqual({ id: "id", props: inputs });
    const gone = over({ site: [() => armError(404, "ResourceNotFound")] });
    expect(await gone.provider.read("id", inputs)).toBeUndefined();
  });

  test("is there when the app reports it, although what the app needs is still in the making", async () => {
    const { app, provider } = over({ health: [health({ status: "unwell" })] });
    expect((await provider.create({ ...inputs, zipPath })).outs).toEqual({ ...inputs, zipPath });
    expect(app.steps.filter((step) => step === "GET health")).toHaveLength(1);
  });

  test("needs no call to be deleted", async () => {
    const { app, provider } = over();
    await provider.delete("id", inputs);
    expect(app.steps).toEqual([]);
  });
});

describe("as a resource, the bot's health", () => {
  const inputs = { healthUrl: target.healthUrl, hash: target.hash, rotation: 0, certificateProvenAt: "" };
  const good = health({ secrets: { rotation: 0, ends: "2027-05-21T03:04:05Z", password: "newest" } });
  const over = (change: Partial<Behaviour> = {}) =>
    botHealth(() => new WebAppStandIn({ health: [good], ...change }).access);

  test("is judged anew when other code runs or the bot is elsewhere, and no drift where it is bad at the moment", async () => {
    const provider = over({ health: [() => new Response("", { status: 503 })] });
    expect(await provider.diff("id", inputs, inputs)).toEqual({ changes: false, replaces: [] });
    expect(await provider.diff("id", inputs, { ...inputs, hash: "newer" })).toEqual({ changes: true, replaces: [] });
    expect(await provider.diff("id", inputs, { ...inputs, healthUrl: "https://b/healthz" })).toEqual({
      changes: true,
      replaces: [],
    });
    expect(await provider.read("id", inputs)).toEqual({ id: "id", props: inputs });
  });

  test("is there only when the bot says that it is well", async () => {
    expect(await over().create(inputs)).toEqual({ id: inputs.healthUrl, outs: inputs });
    expect((await over().update("id", inputs, inputs)).outs).toEqual(inputs);
    const unwell = health({ status: "unwell", checks: [{ name: "state", ok: false, fix: "Give it the role." }] });
    for (const judged of [
      over({ health: [unwell] }).create(inputs),
      over({ health: [unwell] }).update("id", inputs, inputs),
    ]) {
      await expect(judged).rejects.toMatchObject({ code: "app-unwell", fix: "state: Give it the role." });
    }
  });

  test("is there only when the bot itself says that it uses the secrets of this rotation", async () => {
    const seen = (rotation: number, password: "newest" | "before") =>
      health({ secrets: { rotation, ends: "2027-05-21T03:04:05Z", password } });
    const wanted = { ...inputs, rotation: 2 };
    expect((await over({ health: [health()] }).update("id", inputs, wanted)).outs).toEqual(wanted);
    const late = over({ health: [seen(1, "newest"), seen(2, "before"), seen(2, "newest")] });
    expect((await late.update("id", inputs, wanted)).outs).toEqual(wanted);
    await expect(over({ health: [seen(1, "newest")] }).update("id", inputs, wanted)).rejects.toMatchObject({
      code: "old-secrets-in-use",
      cause: "the bot runs with the secrets of rotation 1, wanted 2",
    });
    await expect(over({ health: [seen(2, "before")] }).update("id", inputs, wanted)).rejects.toMatchObject({
      cause: "the bot uses the password or the certificate of the rotation before: Entra ID refuses it the newest",
    });
  });

  test("is there only when the bot itself has proved its newest certificate: nobody else may use the key", async () => {
    const ends = "2027-05-21T03:04:05Z";
    const seen = (certificate: { taken?: "newest" | "before"; provenAt?: string }) =>
      health({ secrets: { rotation: 0, ends, certificate } });
    const provenAt = "2026-11-22T03:04:05Z";
    const late = over({
      health: [
        seen({}),
        seen({ taken: "before", provenAt }),
        seen({ taken: "newest" }),
        seen({ taken: "newest", provenAt }),
      ],
    });
    expect((await late.create(inputs)).outs).toEqual({ ...inputs, certificateProvenAt: provenAt });
    await expect(over({ health: [seen({ taken: "newest" })] }).create(inputs)).rejects.toMatchObject({
      code: "old-secrets-in-use",
    });
  });
});
