import { type SdkName, sdks } from "../facts/sdks";
import { CodeError } from "./code-error";
import { manifestOf, startedFile } from "./start-command";
import type { Files } from "./zip";

/** The SDKs of Microsoft that a bot's files show, wherever they say it. */
function seenSdks(files: Files, start: string | undefined): SdkName[] {
  const seen = new Set<SdkName>();
  const has = (name: string): boolean => name in files;
  const textOf = (name: string): string => Buffer.from(files[name] ?? []).toString("utf8");
  const { dependencies = {} } = manifestOf(files);
  if (Object.keys(dependencies).some((name) => name.startsWith("@microsoft/agents-hosting"))) seen.add("agents-js");
  if (has("node_modules/@microsoft/agents-hosting/package.json")) seen.add("agents-js");
  if ("botbuilder" in dependencies || has("node_modules/botbuilder/package.json")) seen.add("botframework-js");
  // A bundle has no node_modules; the name of a setting that only this SDK reads is in it.
  const started = start === undefined ? undefined : startedFile(start);
  if (started !== undefined && /\.[cm]?js$/.test(started) && textOf(started).includes("azureBotOAuthConnectionName"))
    seen.add("agents-js");
  for (const list of ["requirements.txt", "pyproject.toml", "setup.py", "Pipfile"].filter(has)) {
    if (/microsoft[-_.]agents[-_.]hosting/i.test(textOf(list))) seen.add("agents-python");
    if (/botbuilder[-_.](core|integration|dialogs)/i.test(textOf(list))) seen.add("botframework-python");
  }
  for (const list of Object.keys(files).filter((name) => /^[^/]+\.deps\.json$/.test(name))) {
    if (textOf(list).includes("Microsoft.Agents.Hosting")) seen.add("agents-net");
    if (textOf(list).includes("Microsoft.Bot.Builder")) seen.add("botframework-net");
  }
  return [...seen];
}

/**
 * Refuses a bot whose SDK would not find who it is: without a client id both SDKs may take activities from anybody.
 * Before anything is pushed, because a web app is reached by everybody who knows its name.
 * @throws CodeError OpenBot
 */
export function checkDialect(files: Files, start: string | undefined, dialect: SdkName, subject: string): void {
  if (sdks[dialect].family === "ours") return;
  const seen = seenSdks(files, start);
  if (seen.length === 0 || seen.some((sdk) => sdks[sdk].family === sdks[dialect].family)) return;
  const [first] = seen as [SdkName];
  throw new CodeError(
    "open-bot",
    subject,
    `it is a bot of the ${sdks[first].displayName}, and would get the settings of the ${sdks[dialect].displayName}: it finds no client id among them and may answer anybody`,
    `Say code.sdk: ${first}`,
  );
}
