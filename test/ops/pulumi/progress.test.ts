import type { EngineEvent } from "@pulumi/pulumi/automation";
import { progressOn } from "../../../ops/pulumi/progress";

function stream(isTTY: boolean): { written: string; isTTY: boolean; columns: number; write(text: string): boolean } {
  return {
    written: "",
    isTTY,
    columns: 60,
    write(text) {
      this.written += text;
      return true;
    },
  };
}

function event(kind: "resourcePreEvent" | "resOutputsEvent", op: string, type: string, name: string): EngineEvent {
  return {
    [kind]: { metadata: { op, urn: `urn:pulumi:pr-42::bot-sign-in::${type}::${name}` } },
  } as unknown as EngineEvent;
}

const vault = ["azure-native:keyvault:Vault", "vault"] as const;
const events = [
  event("resourcePreEvent", "create", "pulumi:pulumi:Stack", "bot-sign-in-pr-42"),
  event("resourcePreEvent", "create", "bot-sign-in:infra:Vault", "vault"),
  event("resourcePreEvent", "create", "bot-sign-in:infra:Vault$azure-native:keyvault:Vault", "vault"),
  event("resourcePreEvent", "same", "azure-native:web:WebApp", "host"),
  event("resOutputsEvent", "create", "bot-sign-in:infra:Vault$azure-native:keyvault:Vault", "vault"),
  { diagnosticEvent: { severity: "warning", message: "Nobody has consented.\n" } } as unknown as EngineEvent,
];

test("a CI log has a line for each resource that is done, and nothing for what stays", () => {
  const log = stream(false);
  let now = 0;
  const progress = progressOn(log, () => (now += 1_000));
  events.forEach((one) => progress.event(one));
  progress.end();
  expect(log.written).toBe("made Vault vault (1.0 s)\nwarning: Nobody has consented.\n");
});

test("an address in the program's warning is the one that this machine's browser opens", () => {
  const log = stream(false);
  const message =
    "An administrator consents at https://login.microsoftonline.com/t/adminconsent?client_id=c (https://learn.microsoft.com/x)";
  process.env["BOT_SIGN_IN_PAGES"] = "http://localhost:5100";
  try {
    progressOn(log).event({ diagnosticEvent: { severity: "warning", message } } as unknown as EngineEvent);
  } finally {
    delete process.env["BOT_SIGN_IN_PAGES"];
  }
  expect(log.written).toBe(
    "warning: An administrator consents at http://localhost:5100/login.microsoftonline.com/t/adminconsent?client_id=c " +
      "(https://learn.microsoft.com/x)\n",
  );
});

test("a terminal has one line that is rewritten, no wider than it, and is gone at the end", () => {
  const terminal = stream(true);
  const progress = progressOn(terminal, () => 0);
  for (const name of ["one", "two", "three", "four", "five"]) {
    progress.event(event("resourcePreEvent", "delete", vault[0], name));
  }
  const lines = terminal.written.split("\r\u001b[2K");
  expect(lines[1]).toBe("0 done in 0.0 s; deleting Vault one");
  expect(lines.at(-1)).toHaveLength(59);
  progress.end();
  expect(terminal.written.endsWith("\r\u001b[2K")).toBe(true);
  expect(terminal.written).not.toContain("\n");
});
