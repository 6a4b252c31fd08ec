import { alwaysOn, hostingSizes, tierOf } from "../../../infra/facts/hosting-size";

describe("hosting size", () => {
  test("only the free size sleeps: App Service refuses alwaysOn there", () => {
    expect(hostingSizes.filter((size) => !alwaysOn(size))).toEqual(["F1"]);
  });

  test.each([
    ["F1", "Free"],
    ["B1", "Basic"],
    ["S2", "Standard"],
    ["P1v3", "PremiumV3"],
  ] as const)("%s is bought in the tier %s", (size, tier) => {
    expect(tierOf(size)).toBe(tier);
  });
});
