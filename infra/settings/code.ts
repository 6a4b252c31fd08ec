import type { Problem, ProblemCode } from "./settings-error";
import { shownAs } from "./settings-error";
import { type BroughtCode, type CodeArgs, planOf } from "../deployment/code";
import type { BotIdentityKind } from "./environment";
import type { Existing } from "../deployment/existing";
import { nearest } from "./nearest";
import { isReserved } from "./app-settings";
import {
  dialectSettings,
  healthProofs,
  type NamedConnection,
  runtimeForms,
  type SdkName,
  sdkNames,
  sdks,
} from "../facts/sdks";

const fields = [
  "folder",
  "zip",
  "sdk",
  "runtime",
  "build",
  "start",
  "messages",
  "health",
  "dialect",
] as const satisfies readonly (keyof BroughtCode)[];
type Field = (typeof fields)[number];

const example = "code: { folder: ../my-bot, sdk: agents-js }";

interface Wrong {
  readonly allowed: string;
  readonly example: string;
  readonly hint?: string;
  readonly code?: ProblemCode;
}

/**
 * Reads `code`, from a stack file or from the component's arguments. What lies in the folder is looked at later.
 * @param value as it was given
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function readCode(value: unknown, encrypted: boolean): { code: BroughtCode | undefined; problems: Problem[] } {
  if (value === undefined) return { code: undefined, problems: [] };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const allowed = `an object with folder or zip, and sdk; besides these ${fields.slice(3).join(", ")}`;
    const seen = shownAs(value, encrypted);
    return { code: undefined, problems: [{ code: "wrong-value", setting: "code", seen, allowed, example }] };
  }
  const given = value as Readonly<Record<string, unknown>>;
  const problem = (field: string, { code = "wrong-value", hint, ...rest }: Wrong): Problem => ({
    code,
    setting: `code.${field}`,
    ...rest,
    ...(given[field] === undefined ? {} : { seen: shownAs(given[field], encrypted) }),
    ...(hint && !encrypted ? { hint } : {}),
  });
  const problems: Problem[] = Object.keys(given)
    .filter((field) => !(fields as readonly string[]).includes(field))
    .map((field) => {
      const meant = nearest(field, fields);
      const hint = meant ? `Did you mean ${meant}?` : "No such setting exists.";
      return problem(field, { code: "unknown-setting", allowed: fields.join(", "), example, hint });
    });
  const sdk = sdkOf(given["sdk"]);
  for (const field of fields) {
    const wrong = given[field] === undefined ? missing(field, given) : wrongFor(field, given[field], given, sdk);
    if (wrong) problems.push(problem(field, wrong));
  }
  return { code: problems.length > 0 ? undefined : (given as unknown as BroughtCode), problems };
}

function missing(field: Field, given: Readonly<Record<string, unknown>>): Wrong | undefined {
  if (field === "folder" && given["zip"] === undefined) {
    return { code: "missing-setting", allowed: "the bot's folder, or a zip of it as code.zip", example };
  }
  if (field === "sdk") return { code: "missing-setting", allowed: sdkNames.join(", "), example };
  return undefined;
}

function wrongFor(
  field: Field,
  value: unknown,
  given: Readonly<Record<string, unknown>>,
  sdk: SdkName | undefined,
): Wrong | undefined {
  const text = typeof value === "string" ? value : "";
  switch (field) {
    case "folder":
    case "zip":
      if (field === "zip" && given["folder"] !== undefined) {
        return { code: "contradiction", allowed: "a folder or a zip, not both", example };
      }
      return /\S/.test(text) ? undefined : { allowed: "a path on this machine", example: `${field}: ../my-bot` };
    case "sdk":
      return sdk ? undefined : wrongSdk("sdk", text);
    case "dialect":
      return wrongDialect(text, sdk);
    case "runtime": {
      if (sdk === undefined) return undefined;
      const { pattern, allowed } = runtimeForms[sdks[sdk].language];
      if (pattern.test(text)) return undefined;
      const hint = `A bot of the ${sdks[sdk].displayName} runs on such a one.`;
      return { allowed, example: `runtime: "${sdks[sdk].runtime}"`, hint };
    }
    case "build":
      if (given["zip"] !== undefined) {
        return { code: "contradiction", allowed: "nothing beside code.zip, which is ready to run", example };
      }
      return commandLine(text) ? undefined : { allowed: "a command in one line", example: "build: npm run build" };
    case "start":
      return wrongStart(text, given, sdk);
    case "messages":
      if (!/^(\/[A-Za-z0-9._-]+)+$/.test(text)) {
        return { allowed: "a path such as /api/messages", example: "messages: /api/messages" };
      }
      return undefined;
    case "health": {
      const proofs = healthProofs.filter((proof) => proof !== "preload" || !sdk || sdks[sdk].language === "node");
      if ((proofs as readonly string[]).includes(text)) return undefined;
      const hint = text === "preload" ? "Only Node.js loads a file before a bot's own." : undefined;
      return { allowed: proofs.join(", "), example: "health: content", ...(hint ? { hint } : {}) };
    }
  }
}

function sdkOf(value: unknown): SdkName | undefined {
  return sdkNames.find((name) => name === value);
}

function wrongSdk(field: "sdk" | "dialect", text: string): Wrong {
  const meant = nearest(text, sdkNames) ?? sdkNames.find((name) => name.startsWith(`${text}-`) && text !== "");
  const hint = meant ? { hint: `Did you mean ${meant}?` } : {};
  return { allowed: sdkNames.join(", "), example: `${field}: agents-js`, ...hint };
}

/**
 * An Agents SDK that finds none of its names has no client id, and such a bot may take activities from anybody: seen with
 * `MicrosoftApp*` alone and the Agents SDK for JavaScript 1.8.1.
 */
function wrongDialect(text: string, sdk: SdkName | undefined): Wrong | undefined {
  const dialect = sdkOf(text);
  if (!dialect) return wrongSdk("dialect", text);
  if (!sdk || sdks[sdk].family !== "agents" || sdks[dialect].family === "agents") return undefined;
  return {
    code: "open-bot",
    allowed: sdkNames.filter((name) => sdks[name].family === "agents").join(", "),
    example: `dialect: ${sdk}`,
    hint: `The ${sdks[sdk].displayName} does not find its client id under MicrosoftAppId, and would answer anybody.`,
  };
}

function wrongStart(
  text: string,
  given: Readonly<Record<string, unknown>>,
  sdk: SdkName | undefined,
): Wrong | undefined {
  if (!commandLine(text)) return { allowed: "a command in one line", example: "start: node dist/index.js" };
  if (!sdk) return undefined;
  if (/^\.{0,2}\//.test(text)) {
    const hint = "A package keeps no executable bits.";
    return { allowed: "a command that names what runs the file", example: `start: sh ${text}`, hint };
  }
  if ((given["health"] ?? sdks[sdk].health) !== "preload" || /^node\s/.test(text)) return undefined;
  return {
    allowed: "node and the file that it starts",
    example: "start: node dist/index.js",
    hint: "The health page is loaded before the bot's own file; npm start would hide which that is, and often builds again.",
  };
}

function commandLine(text: string): boolean {
  return /\S/.test(text) && !/[\r\n\0]/.test(text);
}

/** What of the other settings has to do with the names that the bot's code reads. */
interface Beside {
  readonly connections: readonly Pick<NamedConnection, "readAs">[];
  /** App settings of the deployer's own. */
  readonly appSettings?: Readonly<Record<string, unknown>> | undefined;
  readonly identity?: BotIdentityKind | undefined;
  readonly existing?: Readonly<Partial<Record<keyof Existing, unknown>>> | undefined;
}

/**
 * What other settings come to beside the code: `readAs` of the connections that nobody reads, or that is taken; and a certificate
 * that the bot's SDK has no use for.
 */
export function besideCode(code: CodeArgs | undefined, beside: Beside): Problem[] {
  return [...besideDialect(code, beside), ...certificateBeside(code, beside)];
}

/** The SDKs want a certificate's key in a file or in a store of Windows; this one stays in the vault, with which our bot signs. */
function certificateBeside(code: CodeArgs | undefined, { identity, existing = {} }: Beside): Problem[] {
  if (identity !== "certificate") return [];
  const { dialect } = planOf(code);
  const hint =
    existing.endpoint !== undefined
      ? "The bot runs elsewhere (existing.endpoint), where no identity of this set-up signs for it."
      : existing.botApp !== undefined
        ? "The bot's application is somebody's (existing.botApp), who gives it its certificates."
        : dialect !== "ours"
          ? `The ${sdks[dialect].displayName} wants the key of a certificate in a file, and this one never leaves the vault.`
          : undefined;
  if (hint === undefined) return [];
  const example = "pulumi config set identity managed";
  return [
    { code: "contradiction", setting: "identity", seen: '"certificate"', allowed: "secret, managed", example, hint },
  ];
}

function besideDialect(code: CodeArgs | undefined, { connections, appSettings = {} }: Beside): Problem[] {
  const { dialect } = planOf(code);
  const { connection: settingOf, readAs: asks } = sdks[dialect];
  const credentials = Object.keys(dialectSettings(dialect, { appId: "", tenantId: "", secret: "" }, []));
  const taken = new Map<string, string>();
  for (const name of Object.keys(appSettings)) taken.set(name.toLowerCase(), `appSettings.${name}`);
  return connections.flatMap(({ readAs }, at): Problem[] => {
    // What is no text is refused as a connection's value.
    if (typeof readAs !== "string") return [];
    const setting = `connections[${at}].readAs`;
    const seen = JSON.stringify(readAs);
    const name = settingOf(readAs);
    if (name === undefined || asks === undefined) {
      const allowed = "nothing, for a bot that is told all of its connections at once";
      const hint = "A bot of another SDK, which setting code brings, is told of each by a name of its own.";
      return [{ code: "contradiction", setting, seen, allowed, example: "leave it out", hint }];
    }
    const before = taken.get(name.toLowerCase());
    taken.set(name.toLowerCase(), setting);
    const reserved = isReserved(name) || credentials.some((one) => one.toLowerCase() === name.toLowerCase());
    if (before === undefined && !reserved) return [];
    const hint = before
      ? `${before} is the same app setting: App Service tells names not apart by case.`
      : `App setting ${name} decides something else.`;
    return [{ code: "wrong-value", setting, seen, allowed: `${asks}, each once`, example: "readAs: graph", hint }];
  });
}
