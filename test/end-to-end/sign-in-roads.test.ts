import { cellOf, channelNames, type Provider, providerNames, type Road, roads } from "../../docs/sign-in-roads";
import { drives } from "./sign-in-roads/drives";
import { Traveller } from "./sign-in-roads/traveller";
import { World } from "./sign-in-roads/world";

// Every cell that docs/sign-in-roads.ts calls driven, through the deployed bot and the local Azure. The cells of a road are
// driven at the same time, each by somebody of its own: what moves the clock or starts the bot anew does so once for all.

jest.setTimeout(90_000);

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

type Fates = Record<string, string>;

/** Takes a step with everybody for whom all went well so far. */
async function all(
  fates: Fates,
  travellers: Map<string, Traveller>,
  step: (one: Traveller) => Promise<void>,
): Promise<void> {
  const well = [...travellers].filter(([name]) => fates[name] === "well");
  await Promise.all(
    well.map(async ([name, traveller]) => {
      await step(traveller).catch((error: Error) => (fates[name] = error.message));
    }),
  );
}

/** GitHub's two kinds of applications take turns at the one connection. */
async function inTurns(
  travellers: Map<string, Traveller>,
  step: (these: typeof travellers) => Promise<void>,
): Promise<void> {
  const isApp = ({ provider }: { provider: Provider }): boolean => provider === "github-app";
  const [others, apps] = [false, true].map(
    (wanted) => new Map([...travellers].filter(([, traveller]) => isApp(traveller) === wanted)),
  );
  await step(others!);
  if (apps!.size === 0) return;
  await world.useGitHub("github-app");
  try {
    await step(apps!);
  } finally {
    await world.useGitHub("github");
  }
}

async function drive(road: Road): Promise<Fates> {
  const { before, between, after, finally: end } = drives[road.name]!;
  const fates: Fates = {};
  const travellers = new Map<string, Traveller>();
  const driven = providerNames.flatMap((provider) =>
    channelNames
      .filter((channel) => cellOf(road, provider, channel) === "driven")
      .map((channel) => ({ provider, channel })),
  );
  await Promise.all(
    driven.map(async ({ provider, channel }) => {
      fates[`${provider}, ${channel}`] = "well";
      travellers.set(`${provider}, ${channel}`, await Traveller.open(world.setUp, provider, channel));
    }),
  );
  try {
    if (before) await inTurns(travellers, (these) => all(fates, these, before));
    if (between && travellers.has("github-app, web chat")) await world.useGitHub("github-app");
    await between?.(
      world,
      [...travellers].filter(([name]) => fates[name] === "well").map(([, traveller]) => traveller),
    );
    await world.useGitHub("github");
    await inTurns(travellers, (these) => all(fates, these, after));
  } finally {
    world.setUp.azure.faults.switchOff();
    await end?.(world);
  }
  return fates;
}

test("every road of the table is driven, and no other", () => {
  const named = roads.filter((road) =>
    providerNames.some((provider) => channelNames.some((channel) => cellOf(road, provider, channel) === "driven")),
  );
  expect(Object.keys(drives)).toEqual(named.map(({ name }) => name));
});

const driven = roads.filter(({ name }) => drives[name]);

test.each(driven.map((road) => [road.name, road] as const))("%s", async (name, road) => {
  // The second process needs the environment of the first, which Linux shows.
  if (name.startsWith("two processes") && process.platform !== "linux") return;
  const fates = await drive(road);
  expect(fates).toEqual(Object.fromEntries(Object.keys(fates).map((cell) => [cell, "well"])));
});
