import { AzureCliCredential, ClientSecretCredential } from "@azure/identity";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deployerAccess, until } from "../../../infra/azure/access";
import { StandInAccess } from "../provider/stand-in-access";

const environment = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "the-secret" };
afterEach(() => jest.restoreAllMocks());

test("a refused sign-in keeps Entra's code and reason and says where the credentials come from, never the secret", async () => {
  const refusal = new Error("AADSTS7000215: Invalid client secret provided.\nTrace ID: 1");
  jest.spyOn(ClientSecretCredential.prototype, "getToken").mockRejectedValue(refusal);
  const failure = await deployerAccess(environment)
    .token("https://management.azure.com/.default")
    .catch((error) => error);
  expect(failure).toMatchObject({
    code: "AADSTS7000215",
    cause: "signing in with client secret gave no token: AADSTS7000215: Invalid client secret provided",
    fix: "Put the value of one that is good into ARM_CLIENT_SECRET: az ad app credential reset --id $ARM_CLIENT_ID --append makes one.",
  });
  expect(failure.message).not.toContain("the-secret");
});

test("who has neither variables nor the Azure CLI is told so, and not what a tool says of itself", async () => {
  const missing = new Error("Azure CLI could not be found. Please visit https://aka.ms/azure-cli for installation.");
  jest.spyOn(AzureCliCredential.prototype, "getToken").mockRejectedValue(missing);
  await expect(deployerAccess({}).token("https://management.azure.com/.default")).rejects.toMatchObject({
    code: "sign-in-refused",
    cause: "No ARM_* variable says how to sign in, and the Azure CLI is not installed",
    fix: expect.stringMatching(/^Set ARM_CLIENT_ID.* az login/),
  });
});

test("one credential serves all calls, so that a token is asked for once and not for every call", async () => {
  const seen = new Set<unknown>();
  jest.spyOn(ClientSecretCredential.prototype, "getToken").mockImplementation(async function (this: unknown) {
    seen.add(this);
    return { token: "t", expiresOnTimestamp: 0 };
  });
  const access = deployerAccess(environment);
  expect([await access.token("a"), await access.token("b")]).toEqual(["t", "t"]);
  expect(seen.size).toBe(1);
});

test("what is there at once costs no wait; what comes late is looked for in growing steps up to 5 s, within the bound", async () => {
  const access = new StandInAccess(() => new Response());
  expect(await until(access, 60_000, async () => "there")).toBe("there");
  expect(access.waits).toEqual([]);
  expect(await until(access, 60_000, async () => undefined)).toBeUndefined();
  expect(access.waits.slice(0, 3)).toEqual([100, 150, 225]);
  expect(Math.max(...access.waits)).toBe(5_000);
  expect(access.now()).toBe(60_000);
});

test("a proxy that HTTPS_PROXY names is gone by, whether or not Node is told to besides", async () => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const code =
    'require("./infra/azure/access").deployerAccess().fetch("https://management.azure.com/").catch(() => undefined);';
  const env = { ...process.env, HTTPS_PROXY: address, NO_PROXY: "", NODE_USE_ENV_PROXY: "" };
  await new Promise((done) => execFile(process.execPath, ["--import", "tsx", "--eval", code], { env }, done));
  proxy.close();
  expect(asked).toEqual(["management.azure.com:443"]);
});

test("a sign-in that never ends is given up in time", async () => {
  const signal = AbortSignal.timeout;
  jest.spyOn(AbortSignal, "timeout").mockImplementation(() => signal.call(AbortSignal, 20));
  jest.spyOn(ClientSecretCredential.prototype, "getToken").mockReturnValue(new Promise(() => undefined));
  // The signal's own timer holds no process.
  const held = setTimeout(() => undefined, 5_000);
  await expect(deployerAccess(environment).token("https://graph.microsoft.com/.default")).rejects.toMatchObject({
    code: "sign-in-refused",
    cause: "signing in with client secret gave no token: no answer within 100 s",
  });
  clearTimeout(held);
});
