import { zipSync, strToU8 } from "fflate";
import { deployerToken } from "../support/deployer-token";
import type { Hand } from "./hand";

/** The files of the bundled bot's package, as Kudu gives them. */
const files = ["index.js", "bot.js", "bot.js.map", "build.json"];

/** Somebody pushes the bot with another build from a laptop, by Kudu, and has the app run on as it does. */
export async function pushChanged(hand: Hand): Promise<void> {
  const host = (await hand.host()).replace(/^([^.]+)/, "$1.scm");
  const token = await deployerToken(hand.azure, "https://appservice.azure.com", "portal");
  const headers = { authorization: `Bearer ${token}` };
  const content: Record<string, Uint8Array> = {};
  for (const file of files) {
    const answer = await hand.azure.call("portal", `https://${host}/api/vfs/site/wwwroot/${file}`, { headers });
    if (answer.ok) content[file] = new Uint8Array(await answer.arrayBuffer());
  }
  const build = JSON.parse(Buffer.from(content["build.json"]!).toString()) as { version: string; hash: string };
  content["build.json"] = strToU8(JSON.stringify({ ...build, hash: build.hash.replace(/./g, "0") }));
  const body = Buffer.from(zipSync(content));
  const answer = await hand.azure.call("portal", `https://${host}/api/publish?type=zip&restart=false`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/octet-stream" },
    body,
  });
  if (!answer.ok) throw new Error(`the push was answered ${answer.status} ${await answer.text()}`);
}
