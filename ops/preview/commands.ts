import { type Command, type CommandGroup, jsonOption, type Options } from "../../cli/command";
import { defaultTtl } from "./ttl";

const typed = "npm run preview --";

export const preview: CommandGroup = {
  typed,
  describes: "Preview environments: one set-up for each pull request or branch, gone without a trace afterwards.",
  commands: [
    { name: "up", does: "bring a preview up, or to its branch's present state" },
    { name: "down", does: "take a preview down for good, and prove it by a receipt" },
    { name: "list", does: "all previews: owner, age, expiry, health, chat address, cost a month" },
    { name: "show", does: "one preview with its tags, settings, secrets' ends, resources and cost" },
    { name: "sweep", does: "take down what has expired, and what belongs to no stack; shows it first" },
    { name: "comment", does: "a pull request's comment on its preview" },
  ],
  examples: [
    "npm run preview -- up 42               pull request 42, for three days",
    "npm run preview -- up feature/mail --ttl 8h",
    "npm run preview -- list",
    "npm run preview -- down 42",
    "npm run preview -- sweep               what has expired: shown first, then taken down",
  ],
};

const one = "The name is a pull request's number, 42, or a branch: feature/mail.";
const held = "somebody else works on the same preview";
const json = jsonOption;

/** What each command of `npm run preview` takes, by its name. */
export const previewCommands = {
  up: {
    typed: `${typed} up`,
    takes: "<name>",
    describes: `Brings a preview up, or to its branch's present state. ${one}`,
    options: {
      ttl: {
        type: "string",
        value: "<time>",
        does: `how long it lives from now: 30m, 72h, 3d; at most 30d (default ${defaultTtl})`,
      },
      owner: { type: "string", value: "<who>", does: "a person or a team to ask (default git's user.email)" },
      commit: { type: "string", value: "<hash>", does: "what is deployed (default git's HEAD)" },
      json,
    },
    examples: ["npm run preview -- up 42", "npm run preview -- up feature/mail --ttl 8h"],
    ends: { done: "it is up", held },
  },
  down: {
    typed: `${typed} down`,
    takes: "<name>",
    describes: `Takes a preview down for good, and proves it: a receipt of what Azure and Entra still hold. ${one}`,
    options: { json },
    examples: ["npm run preview -- down 42"],
    ends: { done: "nothing is left; or there was nothing", left: "the receipt names what is left", held },
  },
  list: {
    typed: `${typed} list`,
    takes: "",
    describes: "Lists all previews: owner, age, expiry, health, chat address, cost a month.",
    options: { json },
    examples: ["npm run preview -- list", "npm run --silent preview -- list --json"],
    ends: { done: "they are listed", left: "Pulumi does not let one of them be read" },
  },
  show: {
    typed: `${typed} show`,
    takes: "<name>",
    describes: `Shows one preview with its tags, settings, secrets' ends, resources and cost. ${one}`,
    options: { json },
    examples: ["npm run preview -- show 42"],
    ends: { done: "it is shown" },
  },
  sweep: {
    typed: `${typed} sweep`,
    takes: "",
    describes: "Takes down what has expired, and what carries our tags and belongs to no stack; shows it first.",
    options: {
      yes: { type: "boolean", does: "does it without asking; without it and without a terminal it is only shown" },
      json,
    },
    examples: ["npm run preview -- sweep", "npm run --silent preview -- sweep --yes --json > sweep.json"],
    ends: {
      done: "nothing has expired, or all of it is gone",
      found: "it only showed what it would do",
      left: "something is left, or was left alone, for a person to judge",
    },
  },
  comment: {
    typed: `${typed} comment`,
    takes: "[<name>]",
    describes: `Writes a pull request's comment on its preview: what changes, chat address, picture, cost. ${one}`,
    options: {
      up: { type: "string", value: "<file>", does: "what up --json wrote: how long it took, or why it failed" },
      down: { type: "string", value: "<file>", does: "what down --json wrote: the receipt, or why it failed" },
      swept: {
        type: "string",
        value: "<file>",
        does: "what sweep --json wrote, instead of a name: a comment for each that it took down",
      },
      facts: {
        type: "boolean",
        document: true,
        does: "what there is to tell of an up, as JSON; for a job that has no right to the preview",
      },
      "up-facts": {
        type: "string",
        value: "<file>",
        does: "what --facts wrote: of such a file nothing is believed that does not look right",
      },
      against: {
        type: "string",
        value: "<ref>",
        does: "what the changes are compared with (default origin/main, or the pull request's base)",
      },
      post: { type: "boolean", does: "put it on the pull request, in place of the last one; needs GITHUB_TOKEN" },
      json,
    },
    examples: ["npm run preview -- comment 42", "npm run preview -- comment --swept sweep.json --post"],
    ends: { done: "it is written" },
  },
} as const satisfies Readonly<Record<string, Command<Options>>>;
