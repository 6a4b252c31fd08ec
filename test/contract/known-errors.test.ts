import { ClientSecretCredential } from "@azure/identity";
import { botServiceErrors } from "../../contract/known-errors/bot-services";
import { keyVaultErrors, storageErrors } from "../../contract/known-errors/vault-and-storage";
import { catalogues } from "../../contract/known-errors/catalogues";
import { directoryErrors } from "../../contract/known-errors/directory";
import { deployerErrors } from "../../contract/known-errors/deployer";
import { deploymentServiceErrors } from "../../contract/known-errors/deployment-service";
import { entraErrors } from "../../contract/known-errors/entra";
import { fixFor, knownError, nothingKnown, type KnownError } from "../../contract/known-errors/known-error";
import { logAnalyticsErrors } from "../../contract/known-errors/log-analytics";
import { gitHubErrors } from "../../contract/known-errors/git-hub";
import { pulumiErrors } from "../../contract/known-errors/pulumi";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { userServiceErrors } from "../../contract/known-errors/user-services";
import { callApi } from "../../bot/skills/api";
import { explain } from "../../bot/sign-in/services";
import { fixOfEntraError } from "../../bot/sign-in/entra-errors";
import type { BotError } from "../../bot/error";
import { deployerCredential } from "../../infra/azure/deployer-credential";
import { fixOfError } from "../../infra/azure/refusal";
import { apiOf, ask } from "../../ops/git-hub/api";
import { loginProblem } from "../../ops/cli/login-problem";
import { pulumiFailure } from "../../ops/pulumi/refusals";
import { scmClient } from "../../infra/code/scm";
import { mistakeOf } from "../../local/page/mistakes";
import { recordedWords } from "./known-errors.words";

const byService = {
  "Pulumi's CLI": pulumiErrors,
  "the deployer's sign-in": deployerErrors,
  "the deployment service": deploymentServiceErrors,
  GitHub: gitHubErrors,
  "Azure Resource Manager": resourceManagerErrors,
  "Microsoft Graph": directoryErrors,
  "Entra ID": entraErrors,
  "Key Vault": keyVaultErrors,
  "Blob Storage": storageErrors,
  "Bot Service": botServiceErrors,
  "Log Analytics": logAnalyticsErrors,
  "the user's services": userServiceErrors,
};
const all = catalogues.flatMap(({ errors }) => errors);

/** An entry with each of its codes, and the words that it asks for. */
const cases = (entries: readonly KnownError[]): [string, string, string, KnownError][] =>
  entries.flatMap((entry) =>
    (entry.codes.length > 0 ? entry.codes : [""]).map((code): [string, string, string, KnownError] => [
      entry.id,
      code,
      recordedWords[entry.id] ?? "No.",
      entry,
    ]),
  );

test("an entry is named once, says where its fact is from, and speaks in sentences", () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, source, cause, fix } of all) {
    expect([id, source]).toEqual([id, expect.stringMatching(/^https:\/\/\S+$/)]);
    expect([id, cause]).toEqual([id, expect.stringMatching(/^[A-Z].*[^.]$/s)]);
    expect([id, fix]).toEqual([id, expect.stringMatching(/^[A-Za-z].*[\w.>/"}]$/s)]);
  }
  expect(Object.keys(recordedWords).filter((id) => !all.some((entry) => entry.id === id))).toEqual([]);
  expect(all.filter(({ id, says }) => says && recordedWords[id] === undefined).map(({ id }) => id)).toEqual([]);
});

test("there are as many as people meet, each with a public source", () => {
  expect(all.length).toBeGreaterThanOrEqual(120);
});

test.each(Object.entries(byService).flatMap(([by, entries]) => cases(entries).map((one) => [by, ...one] as const)))(
  "%s: %s is found by %s and its words, and not another entry before it",
  (by, id, code, message) => {
    const catalogue = byService[by as keyof typeof byService];
    expect(knownError(catalogue, { code: code.toUpperCase(), message })?.id).toBe(id);
  },
);

test.each(cases(pulumiErrors))(
  "whoever runs Pulumi's CLI by a command of ours reads the fix of %s",
  (_id, _code, words, entry) => {
    const { code, fix } = pulumiFailure({ stack: "dev", command: "up", said: `error: ${words}` });
    expect({ code, fix }).toEqual({
      code: expect.not.stringMatching("pulumi-failed") as string,
      fix: fixFor(entry, words, { stack: "dev", takeDown: "npm run recover -- dev" }),
    });
  },
);

test.each(cases(deployerErrors))(
  "who deploys and cannot sign in reads the fix of %s (%s)",
  async (_id, code, words, entry) => {
    const said = code ? `${code}: ${words} Trace ID: 1` : words;
    const refuses = jest.spyOn(ClientSecretCredential.prototype, "getToken").mockRejectedValue(new Error(said));
    const signIn = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "secret" };
    try {
      const error: unknown = await deployerCredential(signIn)
        .getToken("scope")
        .catch((caught: unknown) => caught);
      const fix = fixFor(entry, said, { tenant: "tenant" });
      expect(error).toMatchObject({ name: "AzureCallError", code: code || "sign-in-refused", fix });
      expect(loginProblem(said, "tenant")).toMatchObject({ name: "OpsError", fix });
    } finally {
      refuses.mockRestore();
    }
  },
);

test.each(cases(gitHubErrors))(
  "whoever has GitHub change a repository reads the fix of %s",
  async (_id, _code, words, entry) => {
    const [, method = "", path = "", status = "", message = ""] = /^(\w+) ([^:]+): (\d+) (.*)$/.exec(words) ?? [];
    const fetched = jest
      .spyOn(globalThis, "fetch")
      .mockResolvedValue(Response.json({ message }, { status: Number(status) }));
    try {
      const gitHub = apiOf({}, { repository: "contoso/mail-bot", token: "token" });
      await expect(ask(gitHub, method, path)).rejects.toMatchObject({
        code: "github-refused",
        fix: fixFor(entry, words),
      });
    } finally {
      fetched.mockRestore();
    }
  },
);

test.each<[string, string, Response]>([
  ["scm-network", "a closed network", new Response("", { status: 403, headers: { "x-ms-forbidden-ip": "1.2.3.4" } })],
  ["scm-role", "a missing right", new Response("", { status: 403 })],
  ["scm-busy", "another deployment", new Response("", { status: 409 })],
  ["scm-throttled", "too many calls", new Response("", { status: 429 })],
  ["package-refused", "a package that is none", new Response("no zip", { status: 400 })],
])("%s: below %s at the deployment service stands the catalogue's fix", async (id, _what, answer) => {
  const entry = deploymentServiceErrors.find((one) => one.id === id)!;
  let now = 0;
  const access = {
    token: async () => "token",
    wait: async (milliseconds: number) => void (now += milliseconds),
    now: () => now,
    fetch: async () => answer.clone(),
  };
  await expect(scmClient(access, "mail.scm.azurewebsites.net").publish(new Uint8Array())).rejects.toMatchObject({
    code: entry.codes[0],
    fix: entry.fix,
  });
});

test.each(cases(resourceManagerErrors))(
  "below an error of pulumi up stands the fix of %s (%s)",
  (_id, code, words, entry) => {
    expect(fixOfError(`Status=400 Code="${code}" Message="${words}"`, "update")).toBe(fixFor(entry, words));
  },
);

test.each(cases(directoryErrors))("below an error of azuread stands the fix of %s (%s)", (_id, code, words, entry) => {
  const said = `unexpected status 400 (400 Bad Request) with error: ${code}: ${words}`;
  expect(fixOfError(said, "update")).toBe(fixFor(entry, words));
});

test.each(cases(entraErrors))("the bot's log and health page have the fix of %s (%s)", (_id, code, words, entry) => {
  expect(fixOfEntraError(`invalid_client: ${code}: ${words} Trace ID: 1`)).toBe(entry.fix);
});

test.each(cases(userServiceErrors))(
  "a person reads in the chat what %s (%s) means to them",
  async (_id, code, words, entry) => {
    const body = { error: code ? { code, message: words } : undefined, message: words };
    const fetched = jest.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(body, { status: 403 }));
    try {
      const call = { method: "GET", path: "/", permission: "Mail.Read" } as const;
      const error = await callApi({ name: "Outlook", address: "https://api.example" }, "token", call).catch(
        (caught: unknown) => caught,
      );
      expect(error).toMatchObject({ fix: fixFor(entry, words) });
      expect(explain(error as BotError, "Outlook")).toEqual(
        entry.user ?? expect.stringContaining("**Mail.Read** is missing"),
      );
    } finally {
      fetched.mockRestore();
    }
  },
);

test.each(
  [
    ["Key Vault", keyVaultErrors],
    ["Blob Storage", storageErrors],
    ["Bot Connector", botServiceErrors],
    ["Log Analytics", logAnalyticsErrors],
  ].flatMap(([service, entries]) =>
    cases(entries as readonly KnownError[]).map((one) => [service as string, ...one] as const),
  ),
)("%s: the local page explains %s (%s)", (service, _id, code, message, entry) => {
  const responseBody = JSON.stringify({ error: { code, message } });
  const exchange = {
    number: 1,
    at: new Date(0),
    caller: "bot",
    method: "GET",
    url: "https://host.example/",
    milliseconds: 1,
  };
  const shown = mistakeOf({ ...exchange, service, status: 403, requestHeaders: {}, responseHeaders: {}, responseBody });
  expect(shown).toMatchObject({ what: `${entry.cause}.`, fix: fixFor(entry, message) });
});

test("a fix names what Azure's words name, and leaves open what they do not", () => {
  const [entry] = resourceManagerErrors.filter(({ id }) => id === "namespace-not-registered");
  const words = "The subscription is not registered to use namespace 'Microsoft.BotService'.";
  expect(fixFor(entry!, words)).toBe("Register it once: az provider register --namespace Microsoft.BotService --wait");
  expect(fixFor(entry!, "No.")).toBe("Register it once: az provider register --namespace <namespace> --wait");
});

test.each([
  ['Status=409 Code="SomethingNew" Message="No."'],
  ['Status=404 Message="No."'],
  ['Status=500 Code="" Message="No."'],
  ["unexpected status 403 (403 Forbidden) with error: SomethingNew: No."],
])("of %s nobody guesses a fix from the status", (words) => {
  expect(fixOfError(words, "update")).toBe("The words above are all that is known of it.");
  expect(nothingKnown("abc")).toContain("request id: abc.");
});
