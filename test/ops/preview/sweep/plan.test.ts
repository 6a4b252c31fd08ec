import * as fc from "fast-check";
import { isOver } from "../../../../ops/preview/instant";
import { type KnownPreview, type Look, sweepables, sweepPlan } from "../../../../ops/preview/sweep/plan";
import type { InventoryItem } from "../../../../ops/azure/inventory/found";

const project = "bot-sign-in";
const now = new Date("2026-11-22T06:00:00Z");
const past = "2026-11-21T06:00:00Z";
const future = "2026-11-23T06:00:00Z";
const clean: Look = { others: [] };

const item = (tags: Record<string, string>, given: Partial<InventoryItem> = {}): InventoryItem => ({
  kind: "application",
  id: "a",
  name: "a",
  tags,
  ...given,
});
const plan = (known: KnownPreview[], tagged: InventoryItem[] = [], looks: Record<string, Look> = {}): string[] =>
  sweepPlan(sweepables(project, known, tagged), new Map(Object.entries(looks)), now).map(
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
    "leave | its expiry is no instant in UTC: soon",
  ],
  // Date.parse reads a day of 2001.
  [
    "with a number for an expiry",
    { stack: "pr-1", title: "1", expires: "5" },
    clean,
    "leave | its expiry is no instant in UTC: 5",
  ],
  [
    "with an expiry that each machine reads by its own clock",
    { stack: "pr-1", title: "1", expires: "2026-11-21T06:00:00" },
    clean,
    "leave | its expiry is no instant in UTC: 2026-11-21T06:00:00",
  ],
  [
    "not to be read",
    { stack: "pr-1", title: "1", unread: "its file is torn" },
    undefined,
    "leave | it could not be read: its file is torn",
  ],
  ["unseen", { stack: "pr-1", title: "1", expires: past }, undefined, "leave | it could not be looked at"],
  [
    "protected",
    { stack: "pr-1", title: "1", expires: past },
    { protected: "Vault vault", others: [] },
    "leave | it is protected: Vault vault",
  ],
  [
    "beside somebody else's",
    { stack: "pr-1", title: "1", expires: past },
    { others: ["db (Sql)"] },
    "leave | its resource group holds what is not the preview's: db (Sql)",
  ],
])("a preview that is %s", (_what, known, look, expected) => {
  const [line] = plan([known], [], look ? { "pr-1": look } : {});
  expect(line).toContain(`pr-1 | preview | ${expected}`);
});

test("what carries our tags and has no stack is an orphan, as old as its youngest part", () => {
  const of = (stack: string, expires?: string): Record<string, string> => ({
    project,
    stack,
    ...(expires && { expires }),
  });
  expect(
    plan(
      [{ stack: "pr-1", title: "1", expires: future }],
      [
        item(of("pr-1", past)),
        item(of("pr-2", past)),
        item(of("pr-2", past), { kind: "deleted vault" }),
        item(of("pr-2", past)),
        item(of("pr-3", past)),
        item(of("pr-3", future)),
        item(of("pr-4")),
        item(of("pr-5", past)),
        item(of("pr-5", "soon")),
      ],
      { "pr-2": clean, "pr-3": clean },
    ),
  ).toEqual([
    `pr-1 | preview | keep | expires ${future}`,
    `pr-2 | orphan | take down | expired ${past} | 2 applications, 1 deleted vault`,
    `pr-3 | orphan | keep | expires ${future} | 2 applications`,
    "pr-4 | orphan | leave | nothing says when it expires | 1 application",
    "pr-5 | orphan | leave | its expiry is no instant in UTC: soon | 2 applications",
  ]);
});

test("one that Pulumi does not let be read is no orphan, whatever carries its tags", () => {
  const unread = { stack: "pr-1", title: "1", unread: "its file is torn" };
  expect(plan([unread], [item({ project, stack: "pr-1", expires: past })], { "pr-1": clean })).toEqual([
    "pr-1 | preview | leave | it could not be read: its file is torn",
  ]);
});

test("one that Azure does not let be looked at is left with Azure's words, and the others are not", () => {
  const due = [1, 2].map((number) => ({ stack: `pr-${number}`, title: String(number), expires: past }));
  expect(
    plan(due, [], { "pr-1": { others: [], failed: "the group pr-1: 403 AuthorizationFailed" }, "pr-2": clean }),
  ).toEqual([
    "pr-1 | preview | leave | it could not be looked at: the group pr-1: 403 AuthorizationFailed",
    `pr-2 | preview | take down | expired ${past}`,
  ]);
});

test.each<[what: string, one: InventoryItem]>([
  ["another project's", item({ project: "other", stack: "pr-9", expires: past })],
  ["a developer's", item({ project, stack: "dev", expires: past })],
  ["production's", item({ project, stack: "prod", expires: past })],
  ["untagged", item({})],
  ["tagged by its stack alone", item({ stack: "pr-9", expires: past })],
  ["kept by Azure", item({ project, stack: "pr-9", expires: past }, { kind: "deleted vault", kept: true })],
])("what is %s is not a sweep's business", (_what, one) => {
  expect(plan([], [one])).toEqual([]);
});

test("among 30 stacks of all kinds nothing unexpired, protected, foreign or untagged is ever taken down", () => {
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
  const tagged = fc.record({ project: fc.constantFrom(project, "other"), stack, expires, kind, kept: fc.boolean() });
  const look = fc.record({
    protected: fc.option(fc.constant("Vault vault"), { nil: undefined }),
    others: fc.array(fc.constant("db (Sql)"), { maxLength: 1 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ stack, expires }), { selector: (one) => one.stack, minLength: 30, maxLength: 30 }),
      fc.array(tagged, { maxLength: 60 }),
      fc.dictionary(stack, look),
      (known, found, looks) => {
        const items = found.map(({ kind, kept, expires, ...tags }, at) =>
          item({ ...tags, ...(expires === undefined ? {} : { expires }) }, {
            kind,
            kept,
            id: String(at),
          } as Partial<InventoryItem>),
        );
        const all = sweepables(
          project,
          known.map((one) => ({ ...one, title: one.stack })),
          items,
        );
        const down = sweepPlan(all, new Map(Object.entries(looks)), now).filter(({ does }) => does === "take down");
        for (const finding of down) {
          const own = known.find((one) => one.stack === finding.stack);
          const parts = items.filter(({ tags }) => tags.stack === finding.stack && tags.project === project);
          expect(finding.stack).toMatch(/^(pr-[1-9]\d*|branch-.*)$/);
          expect(looks[finding.stack]).toMatchObject({ others: [] });
          expect(looks[finding.stack]?.protected).toBeUndefined();
          const ends = own ? [own.expires] : parts.flatMap(({ tags, kept }) => (kept ? [] : (tags.expires ?? [])));
          expect(ends.length).toBeGreaterThan(0);
          for (const end of ends) expect(Date.parse(end ?? "")).toBeLessThanOrEqual(now.getTime());
        }
        // And what is due, was looked at, and stands in nobody's way is never forgotten.
        for (const one of all.filter(({ expires }) => isOver(expires, now))) {
          const seen = looks[one.stack];
          if (!seen || seen.protected !== undefined || seen.others.length > 0) continue;
          expect(down.map((finding) => finding.stack)).toContain(one.stack);
        }
      },
    ),
    { numRuns: 300 },
  );
});
