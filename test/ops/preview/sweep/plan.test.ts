import * as fc from "fast-check";
import { isDue, type KnownPreview, type Look, sweepables, sweepPlan } from "../../../../ops/preview/sweep/plan";
import type { Trace } from "../../../../ops/azure/inventory/found";

const project = "bot-sign-in";
const now = new Date("2026-11-22T06:00:00Z");
const past = "2026-11-21T06:00:00Z";
const future = "2026-11-23T06:00:00Z";
const clean: Look = { foreign: [] };

const trace = (marks: Record<string, string>, given: Partial<Trace> = {}): Trace => ({
  ...{ kind: "application", id: "a", name: "a", marks },
  ...given,
});
const plan = (known: KnownPreview[], marked: Trace[] = [], looks: Record<string, Look> = {}): string[] =>
  sweepPlan(sweepables(project, known, marked), new Map(Object.entries(looks)), now).map(
    ({ stack, kind, does, why, holds }) => [stack, kind, does, why, holds].filter(Boolean).join(" | "),
  );

test.each<[what: string, known: KnownPreview, look: Look | undefined, expected: string]>([
  ["expired", { stack: "pr-1", title: "1", expires: past }, clean, `take down | expired ${past}`],
  ["expired this second", { stack: "pr-1", title: "1", expires: now.toISOString() }, clean, "take down | expired 2026"],
  ["alive", { stack: "pr-1", title: "1", expires: future }, clean, `keep | expires ${future}`],
  ["without an expiry", { stack: "pr-1", title: "1" }, clean, "leave | nothing says when it expires"],
  [
    "with a strange expiry",
    { stack: "pr-1", title: "1", expires: "soon" },
    clean,
    "leave | its expiry is no date: soon",
  ],
  ["unseen", { stack: "pr-1", title: "1", expires: past }, undefined, "leave | it could not be looked at"],
  [
    "protected",
    { stack: "pr-1", title: "1", expires: past },
    { protected: "Vault vault", foreign: [] },
    "leave | it is protected: Vault vault",
  ],
  [
    "beside somebody else's",
    { stack: "pr-1", title: "1", expires: past },
    { foreign: ["db (Sql)"] },
    "leave | its resource group holds what is not the preview's: db (Sql)",
  ],
])("a preview that is %s", (_what, known, look, expected) => {
  const [line] = plan([known], [], look ? { "pr-1": look } : {});
  expect(line).toContain(`pr-1 | preview | ${expected}`);
});

test("what carries our marks and has no stack is an orphan, as old as its youngest part", () => {
  const of = (stack: string, expires?: string): Record<string, string> => ({
    project,
    stack,
    ...(expires && { expires }),
  });
  expect(
    plan(
      [{ stack: "pr-1", title: "1", expires: future }],
      [
        trace(of("pr-1", past)),
        trace(of("pr-2", past)),
        trace(of("pr-2", past), { kind: "deleted vault" }),
        trace(of("pr-2", past)),
        trace(of("pr-3", past)),
        trace(of("pr-3", future)),
        trace(of("pr-4")),
        trace(of("pr-5", past)),
        trace(of("pr-5", "soon")),
      ],
      { "pr-2": clean, "pr-3": clean },
    ),
  ).toEqual([
    `pr-1 | preview | keep | expires ${future}`,
    `pr-2 | orphan | take down | expired ${past} | 2 applications, 1 deleted vault`,
    `pr-3 | orphan | keep | expires ${future} | 2 applications`,
    "pr-4 | orphan | leave | nothing says when it expires | 1 application",
    "pr-5 | orphan | leave | its expiry is no date: soon | 2 applications",
  ]);
});

test.each<[what: string, one: Trace]>([
  ["another project's", trace({ project: "other", stack: "pr-9", expires: past })],
  ["a developer's", trace({ project, stack: "dev", expires: past })],
  ["production's", trace({ project, stack: "prod", expires: past })],
  ["unmarked", trace({})],
  ["marked by its stack alone", trace({ stack: "pr-9", expires: past })],
  ["kept by Azure", trace({ project, stack: "pr-9", expires: past }, { kind: "deleted vault", kept: true })],
])("what is %s is not a sweep's business", (_what, one) => {
  expect(plan([], [one])).toEqual([]);
});

test("among 30 stacks of all kinds nothing unexpired, protected, foreign or unmarked is ever taken down", () => {
  const stack = fc.oneof(
    fc.integer({ min: 1, max: 40 }).map((number) => `pr-${number}`),
    fc.constantFrom("dev", "staging", "prod", "branch-feature-mail-1a2b3c4d", "pr-", "pr-0", "preview", "release-2"),
  );
  const expires = fc.option(
    fc.oneof(
      fc.integer({ min: -72, max: 72 }).map((hours) => new Date(now.getTime() + hours * 3_600_000).toISOString()),
      fc.constantFrom("soon", ""),
    ),
    { nil: undefined },
  );
  const kind = fc.constantFrom("resource group", "resource", "application", "deleted vault", "deleted application");
  const marked = fc.record({ project: fc.constantFrom(project, "other"), stack, expires, kind, kept: fc.boolean() });
  const look = fc.record({
    protected: fc.option(fc.constant("Vault vault"), { nil: undefined }),
    foreign: fc.array(fc.constant("db (Sql)"), { maxLength: 1 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ stack, expires }), { selector: (one) => one.stack, minLength: 30, maxLength: 30 }),
      fc.array(marked, { maxLength: 60 }),
      fc.dictionary(stack, look),
      (known, found, looks) => {
        const traces = found.map(({ kind, kept, expires, ...marks }, at) =>
          trace({ ...marks, ...(expires === undefined ? {} : { expires }) }, {
            kind,
            kept,
            id: String(at),
          } as Partial<Trace>),
        );
        const all = sweepables(
          project,
          known.map((one) => ({ ...one, title: one.stack })),
          traces,
        );
        const down = sweepPlan(all, new Map(Object.entries(looks)), now).filter(({ does }) => does === "take down");
        for (const finding of down) {
          const own = known.find((one) => one.stack === finding.stack);
          const parts = traces.filter(({ marks }) => marks.stack === finding.stack && marks.project === project);
          expect(finding.stack).toMatch(/^(pr-[1-9]\d*|branch-.*)$/);
          expect(looks[finding.stack]).toMatchObject({ foreign: [] });
          expect(looks[finding.stack]?.protected).toBeUndefined();
          const ends = own ? [own.expires] : parts.flatMap(({ marks, kept }) => (kept ? [] : (marks.expires ?? [])));
          expect(ends.length).toBeGreaterThan(0);
          for (const end of ends) expect(Date.parse(end ?? "")).toBeLessThanOrEqual(now.getTime());
        }
        // And what is due, was looked at, and stands in nobody's way is never forgotten.
        for (const one of all.filter((each) => isDue(each, now))) {
          const seen = looks[one.stack];
          if (!seen || seen.protected !== undefined || seen.foreign.length > 0) continue;
          expect(down.map((finding) => finding.stack)).toContain(one.stack);
        }
      },
    ),
    { numRuns: 300 },
  );
});
