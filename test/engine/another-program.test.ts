import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { everythingIn, Portal } from "./support/portal";
import { AnotherProgram, languages } from "./support/another-program";
import { userSignsIn } from "./support/user";
import { Workshop } from "./support/stack";

// As docs/another-program.md tells it: its programs, in folders of their own, which get the component by `pulumi package add`.

describe.each(languages)("in $name", (language) => {
  const skipped = language.missing();
  // The report shows why.
  const tell: typeof test = skipped ? test.skip : test;
  const name = (what: string): string => (skipped ? `${what} (skipped: ${skipped})` : what);

  let workshop: Workshop;
  let program: AnotherProgram;
  let before: string[];
  let group: string;
  const ours = (): string[] => everythingIn(workshop.azure).filter((id) => !before.includes(id));

  beforeAll(async () => {
    if (skipped) return;
    workshop = await Workshop.open();
    group = `/subscriptions/${workshop.azure.tenant.subscriptionId}/resourceGroups/shared`;
    await new Portal(workshop.azure).arm("PUT", group, { location: "westeurope", tags: { owner: "somebody" } });
    before = everythingIn(workshop.azure);
    program = await AnotherProgram.in(workshop, language);
  });
  afterAll(() => workshop?.close());

  tell(name("the package is added by one command, which writes it into the program's own project"), async () => {
    const provider = join(workshop.folder, "project/infra/provider");
    const files = await readdir(provider);
    const added = await program.addPackage();
    if (added.code !== 0) throw new Error(added.text);
    // Pulumi installs in the provider's folder, too; a checkout stays as clean as it was.
    expect((await readdir(provider)).sort()).toEqual(files.sort());
    expect(await program.read("Pulumi.yaml")).toMatch(/packages:\n\s+bot-sign-in: .*infra\/provider/);
  });

  tell(name("the program comes up in the group that it was handed, makes no other, and a user signs in"), async () => {
    await program.run("stack", "init");
    const up = await program.run("up", "--yes", "--skip-preview");
    if (up.code !== 0) throw new Error(up.text);
    const groups = new Set(ours().flatMap((id) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? []));
    expect([...groups]).toEqual(["shared"]);
    expect(ours().some((id) => /\/sites\/another-mail-dev-[a-z0-9]{8}$/.test(id))).toBe(true);
    const outputs = JSON.parse((await program.run("stack", "output", "--json")).text) as Record<string, unknown>;
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
  });

  tell(name("up again changes nothing, and neither code nor a secret in clear is in the state"), async () => {
    const again = await program.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    if (again.code !== 0) throw new Error(again.text);
    const { text } = await program.run("stack", "export");
    expect(text).toContain("bot-sign-in:index:DirectLineSite");
    expect(text).not.toContain("__provider");
  });

  tell(name("it goes down and leaves the group, with its tags, as it was"), async () => {
    const destroy = await program.run("destroy", "--yes", "--skip-preview");
    if (destroy.code !== 0) throw new Error(destroy.text);
    expect(ours()).toEqual([]);
    expect(before.filter((id) => !everythingIn(workshop.azure).includes(id))).toEqual([]);
    expect(await new Portal(workshop.azure).arm("GET", group)).toMatchObject({ tags: { owner: "somebody" } });
  });
});
