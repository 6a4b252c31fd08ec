/** Every road of a sign-in: what a person can do, or meet, on each channel with each kind of provider. */

/** Who signs people in; a company does so by an OpenID provider of its own, behind Bot Service's `oauth2generic`. */
const providers = {
  entra: "Entra ID",
  github: "GitHub OAuth app",
  "github-app": "GitHub App",
  company: "company",
} as const;
export type Provider = keyof typeof providers;

const channels = {
  "web chat": "Web chat, in the browser that signs in",
  code: "Direct Line, with a code",
  teams: "Teams",
} as const;
export type Channel = keyof typeof channels;

/** What becomes of a road with a provider on a channel. */
export type Cell =
  /** test/end-to-end/sign-in-roads.test.ts drives it. */
  | "driven"
  /** Another test does: a file below `test/`, and words of that file which only this test has. */
  | { readonly file: string; readonly words: string }
  /** There is no such road, or it is another cell's: why. */
  | { readonly none: string };

/** Cells of these providers and channels; `all` stands for every one. */
type Rule = readonly [providers: readonly Provider[] | "all", channels: readonly Channel[] | "all", cell: Cell];

export interface Road {
  readonly name: string;
  /** What the person meets on it. */
  readonly meets: string;
  /** The first that fits a cell counts. */
  readonly cells: readonly Rule[];
}

const none = (why: string): Cell => ({ none: why });
const everywhere: readonly Rule[] = [["all", "all", "driven"]];
const noCode: Rule = [
  "all",
  ["web chat"],
  none("No code is shown: the browser that signs in is known to be the chat's own."),
];
/** Cells that differ from another one in nothing that either the bot or Bot Service knows. */
const asOAuthApp: Rule = [
  ["github-app"],
  "all",
  none("As with the OAuth app: page, code and connection are the same, only the tokens differ."),
];
/**
 * Roads on which the bot has no token yet: each channel and each provider is driven, not each pair of them. GitHub App's
 * cells are as those of the OAuth app.
 */
const beforeAnyToken: readonly Rule[] = [
  asOAuthApp,
  [["entra"], "all", "driven"],
  [["github"], ["code"], "driven"],
  [["company"], ["teams"], "driven"],
  ["all", "all", none("Until there is a token nothing depends on the provider: as with Entra ID on this channel.")],
];
/** Roads on which something happens at the provider: each is driven in the web chat, and each channel with some of them. */
const atTheProvider: readonly Rule[] = [
  ["all", ["web chat"], "driven"],
  [["entra"], ["code"], "driven"],
  [["github-app", "company"], ["teams"], "driven"],
  ["all", "all", none("The provider and its tokens know nothing of the channel: as in the web chat.")],
];
const teamsOnly: Rule = ["all", ["web chat", "code"], none("No other client tells the bot of it.")];

/** The ways in which a person signs in, and where each leads by provider and channel. */
export const roads: readonly Road[] = [
  {
    name: "signed in beside the chat",
    meets: "The answer to what was asked for, without a code and without asking again.",
    cells: [
      ["all", ["web chat"], "driven"],
      ["all", ["code", "teams"], none("The browser is not known to be the chat's own: the page shows a code.")],
    ],
  },
  {
    name: "the right code",
    meets: "The answer to what was asked for. Teams' window hands the code in by itself.",
    cells: [noCode, ["all", ["code", "teams"], "driven"]],
  },
  {
    name: "a wrong code, then the right one",
    meets: "How many tries are left; then the answer.",
    cells: [noCode, ...beforeAnyToken],
  },
  {
    name: "the code with blanks, in full-width digits, inside a sentence",
    meets: "The answer: each of them is read as the code.",
    cells: [noCode, ...beforeAnyToken],
  },
  {
    name: "a code that is too old",
    meets: "That it is not right, and to ask again; the new card works.",
    cells: [noCode, ...beforeAnyToken],
  },
  {
    name: "somebody else's code",
    meets: "That it is not right. Its owner can still use it.",
    cells: [noCode, ...beforeAnyToken],
  },
  {
    name: "a code used twice",
    meets: "That no code is waited for; nothing is done twice.",
    cells: [noCode, ...beforeAnyToken],
  },
  {
    name: "the number of an error instead of a code",
    meets: "What the error means, and what to do; with its letters or without.",
    cells: [
      [["entra"], "all", "driven"],
      ["all", "all", none("The errors of this provider have no numbers.")],
    ],
  },
  {
    name: "cancel, while a sign-in is waited for",
    meets:
      "That it is forgotten. Whoever signs in all the same is told that he is, or that no code is waited for; nothing is carried out.",
    cells: beforeAnyToken,
  },
  {
    name: "help, while a sign-in is waited for",
    meets: "The help; then the sign-in goes on.",
    cells: beforeAnyToken,
  },
  {
    name: "sign out, while a sign-in is waited for",
    meets: "That he is signed out. What waited is forgotten.",
    cells: beforeAnyToken,
  },
  {
    name: "the link opened by another person",
    meets: "The other person sees a code and nobody is signed in; for the owner of the chat the link is used up.",
    cells: beforeAnyToken,
  },
  {
    name: "two providers asked one after the other, the first finished first",
    meets: "Each answer, to its own request.",
    cells: [
      asOAuthApp,
      [["company"], "all", none("Asked together with Entra ID, whose cell has both.")],
      ...everywhere,
    ],
  },
  {
    name: "two providers asked one after the other, the second finished first",
    meets:
      "Each answer, to its own request. Teams' window names no provider: the newest is tried first, then the others.",
    cells: [
      asOAuthApp,
      [["company"], "all", none("Asked together with Entra ID, whose cell has both.")],
      ...everywhere,
    ],
  },
  {
    name: "two conversations of one person",
    meets: "Signed in in one, the other needs no sign-in any more, and does not say that it waits for one.",
    cells: [
      ["all", ["teams"], none("A person has one personal chat with a bot; in a shared one the bot signs nobody in.")],
      ...beforeAnyToken,
    ],
  },
  {
    name: "two channels of one person",
    meets: "Each channel asks for itself: ids are particular to a channel.",
    cells: [
      ["all", ["web chat", "code"], none("Both are Direct Line; the cell of Teams has both channels.")],
      ...beforeAnyToken,
    ],
  },
  {
    name: "the provider's page is declined",
    meets: "An error on the page. The chat still waits, and a new card works.",
    cells: [
      [["entra"], ["web chat"], { file: "end-to-end/mistakes/sign-in.test.ts", words: "mistake(46," }],
      [["entra"], "all", none("The provider and its tokens know nothing of the channel: as in the web chat.")],
      asOAuthApp,
      ...atTheProvider,
    ],
  },
  {
    name: "consent of an administrator is missing",
    meets: "Need admin approval, on the page.",
    cells: [
      [["entra"], ["web chat"], { file: "end-to-end/ten-steps.test.ts", words: "others meet Need admin approval" }],
      [["entra"], "all", none("The provider and its tokens know nothing of the channel: as in the web chat.")],
      ["all", "all", none("Everybody consents for himself there: declining is the road above.")],
    ],
  },
  {
    name: "the provider is down while somebody signs in",
    meets: "An error in the browser. The chat still waits, and a new card works once the provider is back.",
    cells: [asOAuthApp, ...atTheProvider],
  },
  {
    name: "the service behind the provider is down",
    meets: "That it is not available right now; the sign-in is kept.",
    cells: [asOAuthApp, ...atTheProvider],
  },
  {
    name: "the token has ended and is renewed",
    meets: "The answer: nobody notices.",
    cells: [
      [["github"], "all", none("The tokens of an OAuth app do not end by themselves, and there is nothing to renew.")],
      ...atTheProvider,
    ],
  },
  {
    name: "the token was revoked",
    meets: "That the sign-in has expired, and a new card.",
    cells: [
      [["entra"], ["web chat"], { file: "end-to-end/faults.test.ts", words: 'name: "graph-401"' }],
      [["entra"], "all", none("Entra's access tokens last to their end; Graph's 401 is told as in the web chat.")],
      ...atTheProvider,
    ],
  },
  {
    name: "the renewal is refused",
    meets: "A new card, and the answer after it.",
    cells: [
      [["github"], "all", none("The tokens of an OAuth app do not end by themselves, and there is nothing to renew.")],
      ...atTheProvider,
    ],
  },
  {
    name: "signed out at the provider",
    meets: "The bot goes on with its token. Signed out of the bot, too, the next sign-in asks who he is.",
    cells: [asOAuthApp, ...atTheProvider],
  },
  {
    name: "the message delivered twice at once",
    meets: "One answer.",
    cells: beforeAnyToken,
  },
  {
    name: "the bot restarts between card and sign-in",
    meets: "The answer, as without a restart.",
    cells: beforeAnyToken,
  },
  {
    name: "two processes of the bot: one is asked, the other hears of the sign-in",
    meets: "The answer, once.",
    cells: beforeAnyToken,
  },
  {
    name: "single sign-on",
    meets: "The answer, without a card having been pressed.",
    cells: [
      [["entra"], ["teams"], "driven"],
      [
        ["entra"],
        ["web chat", "code"],
        none("The chat page signs nobody in by itself, so it has no token to hand over."),
      ],
      ["all", "all", none("Bot Service exchanges tokens of Entra alone.")],
    ],
  },
  {
    name: "the sign-in window closed",
    meets: "That he cancelled; the card still works.",
    cells: [teamsOnly, ...beforeAnyToken],
  },
  {
    name: "the client could not sign in",
    meets: "Why; a card that he presses himself where the client was to sign in by itself.",
    cells: [teamsOnly, ...beforeAnyToken],
  },
];

/** What becomes of a road with a provider on a channel. Throws where the table forgot it. */
export function cellOf({ name, cells }: Road, provider: Provider, channel: Channel): Cell {
  const fits = <One>(row: readonly One[] | "all", one: One): boolean => row === "all" || row.includes(one);
  const rule = cells.find(([ofProviders, ofChannels]) => fits(ofProviders, provider) && fits(ofChannels, channel));
  if (!rule) throw new Error(`"${name}" says nothing of ${provider} on ${channel}`);
  return rule[2];
}

/** The columns and rows of the table, in their order. */
export const providerNames = Object.keys(providers) as Provider[];
export const channelNames = Object.keys(channels) as Channel[];

/** The table as a document. */
export function signInRoadsAsMarkdown(): string {
  const reasons: string[] = [];
  const rows = roads.map((road) => {
    const cells = channelNames.map((channel) => cellsAsText(road, channel, reasons));
    return `| **${road.name}**<br>${road.meets} | ${cells.join(" | ")} |`;
  });
  return `# Every road of a sign-in

Made by \`npm run docs\` from [sign-in-roads.ts](../ops/docs/sign-in-roads.ts).

A company signs people in by an OpenID provider of its own, behind \`oauth2generic\`.

* ✓ [A test](../test/end-to-end/sign-in-roads.test.ts) drives it with these providers: through the deployed bot, the local
  Azure and real clients.
* → Another test shows it.
* – There is no such road, or it is another cell's: the number leads to why, below the table.

| what happens, and what the person meets | ${channelNames.map((channel) => channels[channel]).join(" | ")} |
|---|${"---|".repeat(channelNames.length)}
${rows.join("\n")}

${reasons.map((reason, at) => `${at + 1}. ${reason}`).join("\n")}
`;
}

/** The cells of one channel: providers with the same cell share a line. Reasons are numbered in the order they come up. */
function cellsAsText(road: Road, channel: Channel, reasons: string[]): string {
  const lines = new Map<string, string[]>();
  for (const provider of providerNames) {
    const text = cellAsText(cellOf(road, provider, channel), reasons);
    lines.set(text, [...(lines.get(text) ?? []), providers[provider]]);
  }
  return [...lines]
    .map(([text, names]) => text.replace("%", names.length === providerNames.length ? "all" : names.join(", ")))
    .join("<br>");
}

function cellAsText(cell: Cell, reasons: string[]): string {
  if (cell === "driven") return "✓ %";
  if ("file" in cell) return `→ [%](../test/${cell.file})`;
  if (!reasons.includes(cell.none)) reasons.push(cell.none);
  return `– % (${reasons.indexOf(cell.none) + 1})`;
}
