import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientSecretCredential } from "@azure/identity";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { unzipSync } from "fflate";
import * as ts from "typescript";
import { packageBot } from "../infra/code/package";
import { type Access, deployerAccess } from "../infra/azure/access";
import { zip } from "../infra/code/zip";
import { Chat } from "../test/support/chat";
import { connectThisProcess, deploy } from "../test/support/deployed";
import { Person } from "../test/support/person";
import { openChatPage } from "../test/support/sign-in";
import { median, type Row } from "./row";

/**
 * Time from the start of the bot's process on App Service to its first answer in a chat: the bundle beside the same bot
 * unbundled, its files transpiled one by one and its packages in node_modules. Both in turn, on one local Azure.
 */
export async function botStartRow(root: string, runs = 5): Promise<Row> {
  const { azure, outputs, log, close } = await deploy();
  const disconnect = await connectThisProcess(azure, "browser");
  const folder = mkdtempSync(join(tmpdir(), "bot-unbundled-"));
  try {
    const { clientId, clientSecret } = azure.tenant.deployer;
    const credential = new ClientSecretCredential(azure.tenant.tenantId, clientId, clientSecret);
    const { webApps } = new WebSiteManagementClient(credential, azure.tenant.subscriptionId);
    const [group, name] = [String(outputs.resourceGroup), String(outputs.webApp)];
    const host = new URL(String(outputs.endpoint)).host.replace(".", ".scm.");
    const access = deployerAccess(await azure.deployerEnvironment());

    const { zipPath } = await packageBot(root);
    const bundled = readFileSync(zipPath);
    const files = unzipSync(bundled);
    const entry = unbundled(root, folder, files);
    const variants = {
      bundled,
      unbundled: zip({ ...files, "index.js": Buffer.from(`require(${JSON.stringify(entry)});`) }),
    };
    const chat = new Chat(await openChatPage(new Person(), String(outputs.chatAddress)));
    await chat.opened();
    const startToAnswer = async (): Promise<number> => {
      await webApps.start(group, name);
      const began = performance.now();
      await chat.ask("help", ({ text }) => text?.includes("I understand") ?? false);
      return performance.now() - began;
    };

    const times = { bundled: [] as number[], unbundled: [] as number[] };
    const afterPush: number[] = [];
    for (let run = 0; run <= runs; run++) {
      for (const variant of ["bundled", "unbundled"] as const) {
        await webApps.stop(group, name);
        await publish(access, host, variants[variant]);
        const first = await startToAnswer();
        await webApps.stop(group, name);
        const again = await startToAnswer();
        // The first run of each warms the file cache.
        if (run === 0) continue;
        times[variant].push(again);
        if (variant === "bundled") afterPush.push(first);
      }
    }
    chat.end();
    const [ours, rival] = [median(times.bundled), median(times.unbundled)];
    return {
      name: "start of the bot to its first answer",
      ours: `${Math.round(ours)} ms`,
      rival: `${Math.round(rival)} ms (unbundled)`,
      ratio: ours / rival,
      note:
        `medians of ${runs}, in turn; the first start after a push, which has nothing compiled yet, ` +
        `${Math.round(median(afterPush))} ms`,
    };
  } catch (error) {
    throw new Error(`${String(error)}\nThe bot's log:\n${log.slice(-20).join("\n")}`);
  } finally {
    disconnect();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Brings code to an app, which may be stopped. Resolves when all of it is there. */
async function publish(access: Access, host: string, code: Uint8Array): Promise<void> {
  const { status } = await access.fetch(`https://${host}/api/publish?type=zip&async=false`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await access.token("https://appservice.azure.com/.default")}`,
      "content-type": "application/octet-stream",
    },
    body: Buffer.from(code),
  });
  if (status !== 200) throw new Error(`The code was not taken: ${status}`);
}

/** Lays the bot out unbundled in a folder; gives the path of its entry. */
function unbundled(root: string, folder: string, files: Record<string, Uint8Array>): string {
  const sources = ["bot", "contract"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
      .map((file) => join(root, room, file)),
  );
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
  for (const source of sources) {
    const target = join(folder, relative(root, source)).replace(/\.ts$/, ".js");
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(readFileSync(source, "utf8"), { compilerOptions }).outputText);
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const entry = join(folder, "bot/index.js");
  writeFileSync(join(dirname(entry), "build.json"), files["build.json"] ?? "");
  cpSync(join(root, "bot/chat-page/public"), join(dirname(entry), "public"), { recursive: true });
  for (const name of ["chat.js", "webchat.js"])
    writeFileSync(join(dirname(entry), "public", name), files[`public/${name}`] ?? "");
  return entry;
}
