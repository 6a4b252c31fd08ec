import * as ts from "typescript";
import { catalogues } from "../../contract/known-errors/catalogues";
import { fixesOf, knownMistakes } from "../../contract/known-mistakes";
import { scripts } from "../../package.json";
import { root } from "../support/deployed";
import { fixesOutside, parsed, sourcesIn } from "./fixes-outside";

const all = catalogues.flatMap(({ errors }) => errors);
/** Who speaks to people. What plays Azure, and the providers, has their words. */
const speakers = ["infra", "ops", "bot", "cli", "local"]
  .flatMap((room) => sourcesIn(root, room))
  .filter(({ file }) => !/^local\/(azure|plugins)\//.test(file));

/** Sentences on an answer that are no fix of what a service refuses, by file. */
const allowed: Readonly<Record<string, string>> = {
  "ops/preflight/finding.ts": "says what could not be looked at",
  "ops/doctor/checks/bot.ts": "what the doctor saw itself of the bot",
  "bot/direct-line.ts": "a line of the log: the bot asks again by itself",
  "bot/chat-page/client/server.ts": "what the bot's own server answers its own page",
  "local/door/faults.ts": "the form in which faults are made on purpose",
  "local/page/mistakes.ts": "what one does in the local Azure, beside the catalogue's fix",
};

test("no fix for what a service refuses stands outside the catalogue", () => {
  const outside = speakers.flatMap(({ file, text }) => fixesOutside(file, text));
  expect(outside.filter(({ file }) => !(file in allowed))).toEqual([]);
  expect(Object.keys(allowed).filter((one) => !outside.some(({ file }) => file === one))).toEqual([]);
});

test.each([
  ["a number of Entra's", 'if (code === "AADSTS90002") return "No tenant has this id: correct ARM_TENANT_ID.";'],
  [
    "one of several",
    'if (["AADSTS50020", "AADSTS90072"].includes(code)) throw new OpsError("x", "y", "az login --tenant of the stack");',
  ],
  ["words", 'const fix = /AADSTS50011/.test(said) ? "Set the redirect address of the Token Service." : "";'],
  ["a code of Azure's", 'const fix = code === "ScopeLocked" && "Have the lock taken away first.";'],
  ["a status", 'if (status === 403) return "Give the identity the role Contributor.";'],
  ["a case", 'switch (status) { case 409: return "Wait until the other deployment ends."; }'],
  ["a row of a table", 'const rows = [{ says: /AADSTS65001/, fix: "Have an administrator consent for everybody." }];'],
  ["a row with codes", 'const rows = [{ codes: ["ScopeLocked"], fix: "Have the lock taken away first." }];'],
  ["an error with a status", 'throw new AzureCallError("x", host, cause, "Give it the right to publish.", status);'],
])("%s with a sentence of its own is seen", (_what, text) => {
  expect(fixesOutside("x.ts", text)).toHaveLength(1);
});

test("a code that is only compared, and a sentence that hangs on none, is no such thing", () => {
  const text =
    'if (code === "AADSTS90002") return undefined; if (status === 404) return []; const fix = "Run it again in some minutes.";' +
    'if (code === "open-bot") return "Switch the check of tokens on again.";';
  expect(fixesOutside("x.ts", text)).toEqual([]);
});

test("no sentence of the catalogue is said by a source of its own", () => {
  const said = speakers.map(({ file, text }) => ({ file, text: text.replace(/["'`]\s*\+\s*["'`]/g, "") }));
  const twice = all.flatMap(({ id, fix }) => {
    const [longest = ""] = fix.split(/\{\w+\}/).sort((one, other) => other.length - one.length);
    const files = longest.length < 30 ? [] : said.filter(({ text }) => text.includes(longest)).map(({ file }) => file);
    return files.map((file) => ({ id, file }));
  });
  expect(twice).toEqual([]);
});

test("two entries of one service never have the same code and the same words", () => {
  const keys = catalogues.flatMap(({ by, errors }) =>
    errors.flatMap(({ codes, says }) =>
      (codes.length > 0 ? codes : [""]).map((code) => `${by} ${code.toLowerCase()} ${says?.source ?? ""}`),
    ),
  );
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test("a sentence stands once in the catalogue's own sources", () => {
  const literals = sourcesIn(root, "contract/known-errors").flatMap(({ file, text }) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && node.text.length >= 30 && node.text.includes(" ")) found.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(parsed(file, text));
    return found;
  });
  expect(literals.filter((text, at) => literals.indexOf(text) !== at)).toEqual([]);
});

/** Commands of Pulumi's CLI 3.259 that messages name. */
const pulumiCommands =
  /^pulumi (?:up|preview|refresh|destroy|login|cancel|import|install|version|new|stack(?: (?:ls|init|rm|select|output|export|import|tag|change-secrets-provider))?|state (?:unprotect|delete)|config(?: (?:set|rm|get))?|package add|plugin install)$/;
/** What stands behind the name where a sentence goes on: "the address that pulumi up printed", "pulumi stack output chatAddress". */
const named = /\bpulumi (?:(?:stack|state|config|package|plugin) [a-z-]+|[a-z]+)/g;
/** Words after its name that are no command: `pulumi printed`, `pulumi that runs`. */
const prose =
  /^pulumi (?:printed|command|that|still|is|was|has|which|and|or|in|of|to|from|itself|stack (?:of|that|is|and|has)|state (?:of|that|is))$/;

test("whatever a message tells people to type is there: npm run and pulumi", () => {
  const told = [
    ...all.flatMap(({ fix, cause }) => [fix, cause]),
    ...knownMistakes.flatMap((mistake) => [...fixesOf(mistake), mistake.here]),
    ...speakers.flatMap(({ file, text }) => literalsOf(file, text)),
  ].join("\n");
  const ours = [...told.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script]) => script!);
  // The setting build names a script of the bot that is brought.
  expect([...new Set(ours)].filter((script) => !(script in scripts) && script !== "build")).toEqual([]);
  expect(ours.length).toBeGreaterThan(100);
  const pulumi = [...told.matchAll(named)].map(([command]) => command);
  expect([...new Set(pulumi)].filter((one) => !pulumiCommands.test(one) && !prose.test(one))).toEqual([]);
  expect(pulumi.length).toBeGreaterThan(100);
});

function literalsOf(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node)) found.push(node.getText());
    else ts.forEachChild(node, visit);
  };
  visit(parsed(file, text));
  return found;
}
