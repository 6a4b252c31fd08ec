import type { Picture, PictureNode } from "../../../contract/set-up-picture";
import { placed, shared, shortened, smallest, type Area } from "../../../local/page/picture-layout";

/** What a stack with three connections deploys: boxes by id, title and type, and who is how related to whom. */
const boxes: Readonly<Record<string, readonly [title: string, type: string]>> = {
  directLine: ["Direct Line", "Channel"],
  teams: ["Teams", "Channel"],
  bot: ["bot-sign-in-three-services-x5aait4h", "Azure Bot"],
  toGitHub: ["GitHubConnection", "OAuth connection"],
  toOrders: ["OrdersConnection", "OAuth connection"],
  toGraph: ["GraphConnection", "OAuth connection"],
  botApp: ["bot-sign-in-three-services-de80c6", "Entra application"],
  signInApp: ["Three services bot (three-services)", "Entra application"],
  web: ["bot-sign-in-three-services-3n3331qr", "Web app"],
  plan: ["bot-sign-in-three-services-3n3331qr", "App Service plan"],
  identity: ["bot-sign-in-three-services-3n3331qr", "Managed identity"],
  vault: ["bot-sign-in-thr-3n3331qr", "Key Vault"],
  session: ["chat-session-key", "Secret"],
  session2: ["chat-session-key-2", "Secret"],
  password: ["bot-app-password", "Secret"],
  password2: ["bot-app-password-2", "Secret"],
  line: ["direct-line-secret", "Secret"],
  blobs: ["turn-state", "Blob container"],
  logs: ["bot-sign-in-three-services-3n3331qr", "Log Analytics workspace"],
  gitHub: ["GitHub", "Identity provider"],
  contoso: ["login.contoso.example", "Identity provider"],
  tokens: ["Token Service", "Bot Framework"],
  graph: ["Microsoft Graph", "API"],
};
const relations: readonly (readonly [from: string, label: string, to: string])[] = [
  ["directLine", "reaches", "bot"],
  ["directLine", "trusts the origin", "web"],
  ["teams", "reaches", "bot"],
  ["bot", "is", "botApp"],
  ["bot", "delivers to /api/messages", "web"],
  ...["toGitHub", "toOrders", "toGraph"].map((connection) => ["bot", "has", connection] as const),
  ["toGitHub", "signs users in at", "gitHub"],
  ["toOrders", "signs users in at", "contoso"],
  ["toGraph", "signs users in by", "signInApp"],
  ["signInApp", "trusts the redirect address", "tokens"],
  ["signInApp", "asks for 6 scopes, nobody has consented", "graph"],
  ["web", "runs on", "plan"],
  ["web", "runs as", "identity"],
  ["web", "CHAT_SESSION_KEY", "session"],
  ["web", "CHAT_SESSION_KEY_BEFORE", "session2"],
  ["web", "reads at run time", "line"],
  ["web", "MicrosoftAppPassword", "password"],
  ["web", "MicrosoftAppPasswordBefore", "password2"],
  ["web", "keeps its state in", "blobs"],
  ["web", "answers as", "botApp"],
  ...["session", "session2", "password", "password2", "line"].map((secret) => ["vault", "keeps", secret] as const),
  ["identity", "Key Vault Secrets User", "vault"],
  ["identity", "Storage Blob Data Contributor", "blobs"],
  ...["web", "vault", "bot"].map((one) => [one, "logs to", "logs"] as const),
];
const picture: Picture = {
  nodes: Object.entries(boxes).map(([id, [title, type]]): PictureNode => ({
    id,
    title,
    type,
    kind: "data",
    facts: [],
  })),
  edges: relations.map(([from, label, to]) => ({ from, label, to })),
};
const { nodes, edges, view } = placed(picture);

test("with three connections no label covers another label or a box, and no box another", () => {
  const all: readonly (Area & { readonly what: string })[] = [
    ...nodes.map((node) => ({ ...node, what: `${node.type} ${node.title}` })),
    ...edges.map((edge) => ({ ...edge, what: `${edge.from} ${edge.label} ${edge.to}` })),
  ];
  const covering = all.flatMap((one, at) =>
    all.slice(at + 1).flatMap((other) => (shared(one, other) > 0 ? [`${one.what} / ${other.what}`] : [])),
  );
  expect(covering).toEqual([]);
});

test("every label stands whole inside the picture, and every relation has one", () => {
  expect(edges).toHaveLength(relations.length);
  const outside = edges.filter(
    ({ x, y, width, height }) =>
      x - width / 2 < view.left ||
      x + width / 2 > view.left + view.width ||
      y - height / 2 < view.top ||
      y + height / 2 > view.top + view.height,
  );
  expect(outside).toEqual([]);
});

test("boxes of one kind do not look alike: names that differ at their ends are cut in the middle", () => {
  const shown = nodes.map(({ type, lines }) => `${type} ${lines.join("")}`);
  expect(new Set(shown).size).toBe(shown.length);
});

test.each([
  ["GitHubConnection", "GitHubConnection"],
  ["login.contoso.example", "login.contoso.example"],
  ["bot-sign-in-three-services-3n3331qr", "bot-sign-in-…-3n3331qr"],
])("%s is shown as %s", (name, expected) => expect(shortened(name)).toBe(expected));

test("long names stand on two lines that break where words end", () => {
  const lines = new Map(nodes.map((node) => [node.id, node.lines]));
  expect(["teams", "web", "toGitHub", "session2", "signInApp"].map((id) => lines.get(id))).toEqual([
    ["Teams"],
    ["bot-sign-in-", "…-3n3331qr"],
    ["GitHub", "Connection"],
    ["chat-", "session-key-2"],
    ["Three servic…", "services)"],
  ]);
});

test("with three connections it is drawn in a window of 1280 pixels, beside the chat", () => {
  expect(view.width * smallest).toBeLessThan(1280 - 24 * 15);
});

test("an empty picture has no extent but its margin", () => {
  expect(placed({ nodes: [], edges: [] }).view).toMatchObject({ width: 20, height: 20 });
});
