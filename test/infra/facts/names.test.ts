import fc from "fast-check";
import { globalName, ownName, signInName, suffixLength } from "../../../infra/facts/names";

const word = fc.oneof(fc.string({ minLength: 1, maxLength: 80 }), fc.stringMatching(/^[a-zA-Z0-9_.-]{1,100}$/));
const suffix = fc.stringMatching(new RegExp(`^[a-z0-9]{${suffixLength}}$`));

test("names carry project, stack and a short hash, so that a person can read them", () => {
  expect(ownName("bot-sign-in", "dev")).toBe("bot-sign-in-dev-721f88");
  expect(globalName("bot", "bot-sign-in", "dev", "k3x9q2ab")).toBe("bot-sign-in-dev-k3x9q2ab");
  expect(globalName("storageAccount", "bot-sign-in", "dev", "k3x9q2ab")).toBe("botsignindevk3x9q2ab");
  expect(globalName("vault", "bot-sign-in", "preview-42", "k3x9q2ab")).toBe("bot-sign-in-pre-k3x9q2ab");
});

test.each([
  ["vault", /^[a-z](?:[a-z0-9]|-(?!-)){1,22}[a-z0-9]$/],
  ["storageAccount", /^[a-z0-9]{3,24}$/],
  ["webApp", /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/],
  ["bot", /^[a-z0-9][a-z0-9-]{3,41}$/],
] as const)("no project or stack name makes Azure refuse the name of the %s", (kind, allowed) => {
  fc.assert(
    fc.property(word, word, suffix, (project, stack, letters) =>
      allowed.test(globalName(kind, project, stack, letters)),
    ),
  );
});

test("no project or stack name makes Azure refuse the resource group, plan, identity or workspace", () => {
  fc.assert(
    fc.property(word, word, (project, stack) => /^[a-z][a-z0-9-]{2,38}[a-z0-9]$/.test(ownName(project, stack))),
  );
});

test("two stacks never meet in one resource group, however long and alike their names are", () => {
  fc.assert(
    fc.property(
      word,
      word,
      word,
      (project, one, other) => one === other || ownName(project, one) !== ownName(project, other),
    ),
  );
});

test("the same stack in two tenants takes two names in the world", () => {
  fc.assert(
    fc.property(word, word, suffix, suffix, (project, stack, one, other) =>
      (["vault", "storageAccount", "webApp", "bot"] as const).every(
        (kind) => one === other || globalName(kind, project, stack, one) !== globalName(kind, project, stack, other),
      ),
    ),
  );
});

test("stacks that read alike, differ in case only, or only after the cut, still get their own names", () => {
  const long = "feature-".repeat(12);
  for (const [one, other] of [
    ["a.b", "a-b"],
    ["Dev", "dev"],
    ["über", "ber"],
    ["42", "43"],
    [`${long}x`, `${long}y`],
  ] as const) {
    expect(ownName("bot-sign-in", one)).not.toBe(ownName("bot-sign-in", other));
  }
});

test("project and stack are told apart: the stack c of a-b is not the stack b-c of a", () => {
  expect(ownName("a-b", "c")).not.toBe(ownName("a", "b-c"));
});

test("stack names without a single letter of a-z still begin with one and say what they are", () => {
  for (const stack of ["42", "日本", "---", "_"]) {
    expect(ownName("7", stack)).toMatch(/^bot-[0-9a-f]{6}$/);
    expect(globalName("vault", "7", stack, "k3x9q2ab")).toBe("bot-k3x9q2ab");
  }
});

test("the name on the consent page is readable, and Entra takes it for the longest stack and display name", () => {
  expect(signInName("Mail bot", "dev")).toBe("Mail bot (dev)");
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 35 }), word, (displayName, stack) => {
      const name = signInName(displayName, stack);
      return name.length <= 120 && name.startsWith(`${displayName} (`) && name.endsWith(")");
    }),
  );
});
