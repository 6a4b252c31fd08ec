import { TeamsApps } from "../../../../local/azure/bot-service/teams/apps";
import type { PlaceKind } from "../../../../local/azure/bot-service/teams/place";
import type { Teams } from "../../../../local/azure/bot-service/teams/teams";
import type { Person } from "../../../../local/azure/tenant";
import { packed } from "./packed";

const ada = { objectId: "ada" } as Person;
const sam = { objectId: "sam" } as Person;
const forGroups = (): Buffer => packed(({ bots }) => (bots[0]!.scopes = ["personal", "groupChat"]));

/** Teams' apps, and what bots are told of them. */
function teams(known = true): { apps: TeamsApps; told: string[] } {
  const told: string[] = [];
  const apps = new TeamsApps({
    bot: () => {
      if (!known) throw new Error("no bot");
    },
    chatUntold: (_: string, { objectId }: Person, kind: PlaceKind) => ({
      installed: (action: string) => Promise.resolve(void told.push(`${action} ${kind} ${objectId}`)),
    }),
  } as unknown as Teams);
  return { apps, told };
}

test("an app is one person's in a personal chat and everybody's in a group, and its bot is told of each once", async () => {
  const { apps, told } = teams();
  const app = apps.upload(forGroups());
  await apps.set(app, "personal", ada, "add");
  await apps.set(app, "personal", ada, "add");
  await apps.set(app, "groupChat", ada, "add");
  expect(told).toEqual(["add personal ada", "add groupChat ada"]);
  const installed = (["personal", "groupChat", "channel"] as const).map((kind) => apps.isInstalled(app, kind, sam));
  expect(installed).toEqual([false, true, false]);
});

test("where the manifest's scopes do not let it, an app is not added", async () => {
  const { apps, told } = teams();
  const app = apps.upload(forGroups());
  await apps.set(app, "channel", ada, "add");
  expect([apps.takes(app, "channel"), apps.isInstalled(app, "channel", ada), told]).toEqual([false, false, []]);
});

test("what everybody gets comes to who has Teams open and to who opens it, and does not come back to who took it out", async () => {
  const { apps, told } = teams();
  const app = apps.upload(packed());
  await apps.arrive(ada);
  await apps.giveEveryone(app);
  await apps.set(app, "personal", ada, "remove");
  await apps.arrive(ada);
  await apps.arrive(sam);
  expect(told).toEqual(["add personal ada", "remove personal ada", "add personal sam"]);
});

test("a package of an app that is there is its update: it stays installed", async () => {
  const { apps } = teams();
  const app = apps.upload(packed());
  await apps.set(app, "personal", ada, "add");
  const newer = apps.upload(packed((made) => (made.version = "2.0.0")));
  expect([apps.list().map(({ version }) => version), apps.isInstalled(newer, "personal", ada)]).toEqual([
    ["2.0.0"],
    true,
  ]);
});

test("an app that is deleted is taken out of every chat", async () => {
  const { apps, told } = teams();
  const app = apps.upload(forGroups());
  await apps.set(app, "personal", sam, "add");
  await apps.set(app, "groupChat", ada, "add");
  told.length = 0;
  await apps.remove(app, [ada, sam]);
  expect([told.sort(), apps.list()]).toEqual([["remove groupChat ada", "remove personal sam"], []]);
});

test("a package for a bot that there is not is refused", () => {
  expect(() => teams(false).apps.upload(packed())).toThrow("which is no bot with a Teams channel");
});
