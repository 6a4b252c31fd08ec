import { everythingIn } from "./support/portal";
import { Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop?.close());

test("two environments in one tenant share nothing; destroying one leaves the other answering", async () => {
  const dev = await workshop.stack("dev");
  const staging = await workshop.stack("staging", { protect: false });
  const empty = everythingIn(workshop.azure);
  expect(await dev.up()).toMatchObject({ code: 0 });
  const ofDev = everythingIn(workshop.azure).filter((id) => !empty.includes(id));
  expect(await staging.up()).toMatchObject({ code: 0 });

  const [first, second] = [await dev.outputs(), await staging.outputs()];
  for (const name of ["resourceGroup", "bot", "webApp", "botAppId", "signInAppId", "endpoint"]) {
    expect(first[name]).not.toBe(second[name]);
  }
  expect(await dev.preview("--expect-no-changes")).toMatchObject({ code: 0 });

  expect(await staging.destroy()).toMatchObject({ code: 0 });
  expect(everythingIn(workshop.azure)).toEqual([...empty, ...ofDev].sort());
  expect(await userSignsIn(workshop.azure, first)).toMatch(/newest message/);
  expect(await dev.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
});
