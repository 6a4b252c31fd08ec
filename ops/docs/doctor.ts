import { deploying } from "../pulumi/deploying";
import { groups } from "../doctor/checks/check";
import { checks } from "../doctor/checks/checks";
import type { Diagnosis, Finding } from "../doctor/diagnosis";
import { reportText } from "../doctor/report";

const group = "/subscriptions/c0ffee00-0000-4000-8000-000000000001/resourceGroups/mail-bot-prod-1a2b3c";
const application = "application 7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11";

function example(code: string, where: string, evidence: string, fix: string, mendedByUp: boolean): Finding {
  const { group, what } = checks.find((check) => check.code === code)!;
  return { code, group, what, where, evidence, fix, mendedByUp };
}

const diagnosis: Diagnosis = {
  bot: `${group}/providers/Microsoft.BotService/botServices/mail-bot-prod`,
  findings: [
    example(
      "redirect-residency",
      application,
      "it has https://token.botframework.com/.auth/web/redirect, expected https://europe.token.botframework.com/.auth/web/redirect",
      `npm run drift -- prod, then ${deploying("prod")}`,
      true,
    ),
    example(
      "consent-missing",
      application,
      "only an administrator can consent to Mail.Read of Microsoft Graph, and none has for everyone",
      "npm run consent -- prod --open",
      false,
    ),
  ],
  notChecked: [
    {
      what: "the value of the secret bot-app-password",
      where: `${group}/providers/Microsoft.KeyVault/vaults/mail-bot-prod-x7k2/secrets/bot-app-password`,
      because:
        "Caller is not authorized to perform action on resource. [ForbiddenByRbac] Whoever asks needs the role Key Vault Secrets User at the vault mail-bot-prod-x7k2.",
    },
  ],
  signedIn: undefined,
};

/** A name in angle brackets would vanish, save in code. */
const text = (words: string): string => words.replaceAll("<", "&lt;").replaceAll("|", "\\|");

function rows(of: (typeof groups)[number]): string {
  const here = checks.filter(({ group }) => group === of);
  const table = here.map(
    ({ code, what, mendedByUp }) => `| \`${code}\` | ${text(what)} | ${mendedByUp ? "yes" : "no"} |`,
  );
  return `### ${of}\n\n| code | what is wrong | \`pulumi up\` mends it |\n|---|---|---|\n${table.join("\n")}\n`;
}

/** What the doctor looks at and names, as a document. */
export function doctorAsMarkdown(): string {
  return `# The doctor

Made by \`npm run docs\` from the doctor's own checks (\`ops/doctor\`).

\`npm run doctor -- <stack>\` looks for whatever keeps people from signing in to the bot that a stack deployed, and
\`npm run doctor -- --bot <id>\` for the same at a bot that was made elsewhere, by its resource id in Azure: web app, vault, applications
and connections are found from the bot. It changes nothing.

\`\`\`
npm run doctor -- prod
npm run doctor -- prod --sign-in
npm run --silent doctor -- prod --json
npm run doctor -- --bot "$(az bot show --resource-group chat --name mail-bot --query id --output tsv)"
\`\`\`

## What it tells

\`\`\`
${reportText(diagnosis, "prod")}
\`\`\`

Each finding has a code that never changes, what is wrong, where, the evidence (what was seen and what is expected, or the service's
own words; never a secret), the fix, and whether \`pulumi up\` mends it. What only follows from another finding is left out: of an
application that was deleted nobody is told that its secret is wrong, too. With \`--json\` it is one document:
\`{ stack, bot, findings: [{ code, group, what, where, evidence, fix, mendedByUp }], notChecked: [{ what, where, because }], signedIn }\`.

It ends with 0 where nothing is wrong as far as could be looked, with 2 where something is, and with 1 where it could not look.

## What it does

* It reads the bot, its connections and channels, the web app with its settings, references and access rules, the vault and its
  secrets' dates, the storage of the state, and who has which role there.
* It reads the applications in Entra with their redirect addresses, permissions, federated credentials and ends of secrets, and what
  was consented to.
* It sends the bot's endpoint a message of nobody, which a bot refuses, and reads the bot's health page where it has one.
* It asks Entra for the bot's own token, and for one of each connection's application, and throws both away.
* It opens each connection's sign-in as the Token Service does, up to the page on which a person would sign in. A provider that is not
  Entra is asked to redeem a code that it never gave: its refusal tells whether it takes the client.
* \`--sign-in\` does the rest with you: it writes to the bot through Direct Line, shows the address of its card (and opens it in your
  browser), takes the code of the page on the terminal, and shows how the bot answers. \`--say <text>\` is what it writes, \`--minutes <n>\`
  how long it waits.

## By what rights

It signs in as whoever deploys: the \`ARM_*\` variables, else the Azure CLI. What that may not read is listed as not checked, with the
words of Azure; the rest is told all the same.

| for | it takes |
|---|---|
| all that is in Azure | Reader at the resource group; at the subscription to find a web app, a vault or a storage account elsewhere |
| app settings, client secrets of connections, keys of Direct Line | Contributor at the resource group |
| the bot's secret, and whether the vault has Direct Line's key | Key Vault Secrets User at the vault; without it the running bot's own word counts, from its health page |
| applications, service principals, federated credentials, the recycle bin | Microsoft Graph's Application.Read.All |
| what was consented to | Microsoft Graph's DelegatedPermissionGrant.Read.All, or Directory.Read.All |

## What it names

Where \`pulumi up\` mends it, in a set-up that a stack made, the fix is \`npm run drift\`, which finds what was changed by hand, and then
\`pulumi up\`. Of a bot that was made elsewhere each fix is a command of its own. Besides these, \`bot-missing\` says that a stack's web app
is there and its bot is not.

${groups.map(rows).join("\n")}`;
}
