import type { Finding } from "../../ops/doctor/diagnosis";
import { look } from "./look";
import { judgeSeed, summaryOf } from "./scoring";
import { seeds } from "./seeds";
import { SetUp, shapes } from "./set-ups";

// A bounded part of what npm run doctor:score does with all of it: the hand-made set-up, which needs no deployment.

const shape = shapes.find(({ name }) => name === "by-hand")!;
const faults = seeds.filter(({ setUp }) => setUp === shape.name);

let setUp: SetUp;
beforeAll(async () => {
  setUp = await SetUp.of(shape);
});
afterAll(() => setUp?.close());

test("nothing is found in a set-up made by hand in which nothing is wrong", async () => {
  expect((await look(setUp)).findings).toEqual([]);
});

describe("a fault is named with the right fix, and what follows from it is not", () => {
  afterEach(() => setUp.putBack());

  test.each(faults.map((seed) => [seed.says, seed.code, seed] as const))("%s: %s", async (_says, code, seed) => {
    await setUp.seed(seed);
    const { findings } = await look(setUp);
    expect(judgeSeed(seed, findings)).toMatchObject({ code, verdict: "found", extra: [] });
  });
});

describe("the score", () => {
  const seed = {
    code: "a",
    says: "",
    setUp: "mail" as const,
    fix: /do this/,
    mendedByUp: false,
    seed: () => Promise.resolve(),
  };
  const finding = {
    code: "a",
    group: "bot",
    what: "",
    where: "there",
    evidence: "",
    fix: "do this",
    mendedByUp: false,
  };
  const verdict = (...findings: object[]): unknown => {
    const { verdict, extra } = judgeSeed(seed, findings as Finding[]);
    return [verdict, extra];
  };

  test("counts a fault only with its code, its fix, who mends it, and nothing besides", () => {
    expect(verdict(finding)).toEqual(["found", []]);
    expect(verdict()).toEqual(["missed", []]);
    expect(verdict({ ...finding, fix: "do that" })).toEqual(["wrong fix", []]);
    expect(verdict({ ...finding, mendedByUp: true })).toEqual(["wrong fix", []]);
    expect(verdict({ ...finding, code: "b" }, finding)).toEqual(["found", ["b (there)"]]);
    expect(verdict(finding, finding)).toEqual(["found", ["a (there)"]]);
  });

  test("says in one line what was named, and what was found where nothing is wrong", () => {
    const score = { code: "a", says: "", setUp: "mail", verdict: "found", told: "" } as const;
    const faults = [
      { ...score, extra: [] },
      { ...score, extra: ["b"] },
    ];
    const healthy = [
      { name: "mail", says: "", findings: ["c"] },
      { name: "own-bot", says: "", findings: [], lacks: "python3" },
    ];
    expect(summaryOf({ faults, healthy })).toBe(
      "1 of 2 faults named with the right fix, 1 findings on 1 healthy set-ups",
    );
  });
});
