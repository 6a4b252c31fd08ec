import { minute } from "../contract/time";
import { wholeNumber } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import type { Consent } from "./consent/consent";

export const command = {
  typed: "npm run consent --",
  takes: "<stack>",
  describes: `
Prints the address at which an administrator consents, for everyone in the tenant, to what a deployed stack's sign-in app
wants, and says what of it is not given yet. Against the local Azure it is the address that this machine's browser opens.
Reads Azure and Microsoft Graph as whoever deploys (ARM_* variables, else the Azure CLI), and changes nothing.`,
  options: {
    open: { type: "boolean", does: "opens the address in the browser, too" },
    wait: { type: "boolean", does: "waits until the consent was given" },
    minutes: { type: "string", value: "<n>", does: "how long --wait waits (default 15)" },
    json: jsonOption,
  },
  examples: ["npm run consent -- prod", "npm run consent -- prod --open --wait"],
  ends: {
    done: "consent was given for all that is wanted",
    found: "something is not given yet, or that is not known",
  },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [stack = ""] }, { say, step, result, paint }) => {
  const minutes = wholeNumber("minutes", values.minutes ?? "15", 1, 1440);
  const [{ deployerAccess, until }, { stackSettings }, { consentsOf }, { pageAddress }] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./consent/consent"),
    import("../cli/page-address"),
  ]);
  const access = deployerAccess(process.env);
  const settings = await stackSettings(process.cwd(), stack, process.env);
  const isOpen = ({ missing }: Pick<Consent, "missing">): boolean => missing?.length !== 0;
  step("Asking Entra what the stack's application wants, and what was given.");
  let consents = await consentsOf(access, settings, stack);
  const asked = consents.filter(isOpen);
  for (const { address, missing, unknown } of consents) {
    const here = pageAddress(address);
    const lacks = missing?.length === 0 ? "all of it is given" : `not given yet: ${missing?.join(", ")}`;
    say(`An administrator consents at ${paint("strong", here)}`);
    say(`  ${unknown ?? lacks}`);
    if (values.open && isOpen({ missing })) {
      const { openInBrowser } = await import("./cli/open-in-browser");
      openInBrowser(here);
    }
  }
  if (asked.length > 0 && values.wait && asked.every(({ missing }) => missing !== undefined)) {
    say(`Waiting until it was given, at most ${minutes} min.`);
    const given = await until(access, minutes * minute, async () => {
      const now = await consentsOf(access, settings, stack);
      return now.some(isOpen) ? undefined : now;
    });
    consents = given ?? (await consentsOf(access, settings, stack));
  }
  const given = !consents.some(isOpen);
  const unknown = consents.find((one) => one.unknown !== undefined)?.unknown;
  const open = unknown === undefined ? "consent for everyone is not given yet." : `${unknown}.`;
  const nothing = "no connection signs in at Entra, so there is nothing to consent to.";
  const all = consents.length === 0 ? nothing : "consent for everyone is given.";
  const ended = given ? paint("good", all) : open;
  const shown = consents.map((one) => ({ ...one, address: pageAddress(one.address) }));
  result({ stack, given, consents: shown }, `${stack}: ${ended}`);
  return given ? "done" : "found";
});
