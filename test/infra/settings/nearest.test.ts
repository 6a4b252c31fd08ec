import { nearest } from "../../../infra/settings/nearest";

describe("did you mean", () => {
  test.each([
    ["residancy", "residency"],
    ["locaiton", "location"],
    ["LOCATION", "location"],
    ["secretLifeTimeDay", "secretLifetimeDays"],
    ["colour", undefined],
    ["", undefined],
  ])("%s was meant as %s", (word, meant) => {
    expect(nearest(word, ["location", "residency", "secretLifetimeDays", "tenant"])).toBe(meant);
  });
});
