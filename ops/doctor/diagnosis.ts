import { shellWord } from "../../cli/shell-word";
import { groupOf } from "../azure/inventory/found";
import { deploying } from "../pulumi/deploying";
import type { Check, Group, Seen } from "./checks/check";
import type { NotChecked, SetUp } from "./set-up";
import { valueOf } from "./set-up/read-value";

/** Something that is wrong, as the command tells it. */
export interface Finding {
  readonly code: string;
  readonly group: Group;
  readonly what: string;
  readonly where: string;
  readonly evidence: string;
  readonly fix: string;
  /** Whether `pulumi up` mends it. */
  readonly mendedByUp: boolean;
}

/** What the doctor came to. */
export interface Diagnosis {
  readonly bot: string;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** What the bot said once somebody had signed in for real; undefined where that was not asked for, or did not come about. */
  readonly signedIn: readonly string[] | undefined;
}

/** Judges a set-up by all checks, and leaves out what only follows from something else that was found. Pure. */
export function judge(checks: readonly Check[], setUp: SetUp): Finding[] {
  const all = checks.flatMap((check) => [...check.look(setUp)].map((seen) => ({ check, seen })));
  const isConsequence = ({ check, seen }: (typeof all)[number]): boolean =>
    all.some(
      (other) =>
        (check.follows ?? []).includes(other.check.code) &&
        (seen.about === undefined || other.seen.about === undefined || seen.about === other.seen.about),
    );
  return all.filter((one) => !isConsequence(one)).map(({ check, seen }) => findingOf(check, seen, setUp));
}

/** The one finding about a stack whose bot is gone while its web app is there; everything else would follow from it. */
export function missingBot(stack: string, group: string, webApp: string): Finding {
  return {
    code: "bot-missing",
    group: "Bot",
    what: "The stack's bot is not there any more: no channel reaches its code",
    where: group,
    evidence: `${group} has the stack's web app ${webApp}, and no bot of it`,
    fix: `npm run drift -- ${stack}, then ${deploying(stack)}`,
    mendedByUp: true,
  };
}

function findingOf(check: Check, seen: Seen, setUp: SetUp): Finding {
  const { stack } = setUp;
  const { code, group, what } = check;
  const mendedByUp = stack !== undefined && check.mendedByUp && seen.ofOthers !== true;
  const fix = mendedByUp
    ? `npm run drift -- ${stack}, then ${deploying(stack)}`
    : ofStack(filledIn(seen.fix ?? check.fix, seen, setUp), setUp);
  return { code, group, what, where: seen.where, evidence: seen.evidence, fix, mendedByUp };
}

/** Commands of a stack, which a set-up that was made by hand does not have. */
const stacksCommand =
  /npm run (?:consent|drift|logs|recover|rotate|secrets|teams:package)\b|pulumi (?:up|config)\b|Pulumi\.<stack>\.yaml/;

/** A fix that names the stack; without one it says how the set-up comes to have those commands. */
function ofStack(fix: string, { stack, bot }: SetUp): string {
  if (stack === undefined) {
    const adopt = `This bot is of no stack, which such commands are for: npm run adopt -- ${shellWord(bot.id)} brings it under one.`;
    return stacksCommand.test(fix) ? `${fix.replace(/(?<![.!?])$/, ".")} ${adopt}` : fix;
  }
  return fix
    .replace(/npm run drift(?! --)/g, `npm run drift -- ${stack}`)
    .replace(/pulumi up(?! --stack)/g, deploying(stack))
    .replaceAll("<stack>", stack);
}

/** A fix with the names and ids of this set-up in it, so that it can be typed as it stands. */
function filledIn(fix: string, { where, about }: Seen, { bot, identity, connections, webApp }: SetUp): string {
  const application =
    /^(?:application|service principal of) ([0-9a-f-]{36})$/i.exec(where)?.[1] ??
    connections.find(({ name }) => name === about)?.clientId ??
    identity.clientId;
  return (
    fix
      .replaceAll("<application id>", application)
      .replaceAll("<bot's application id>", bot.appId)
      .replaceAll("--resource-group <group> --name <bot>", `--resource-group ${groupOf(bot.id)} --name ${bot.name}`)
      .replaceAll("--name <bot> --resource-group <group>", `--name ${bot.name} --resource-group ${groupOf(bot.id)}`)
      .replaceAll("--ids <bot>", `--ids ${bot.id}`)
      .replaceAll("<web app>", valueOf(webApp)?.id ?? "<web app>")
      // A resource group may have brackets in its name, which mean something to a shell.
      .replace(
        /(--(?:ids|resource-group|name) )([^\s'"]*\([^\s'",]*)/g,
        (_all, option, value) => option + shellWord(value),
      )
  );
}
