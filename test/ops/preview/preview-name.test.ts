import fc from "fast-check";
import { environmentOf, isPreviewStack } from "../../../infra/settings/environment";
import { globalName, ownName, suffixLength } from "../../../infra/facts/names";
import { previewName } from "../../../ops/preview/preview-name";

const project = "bot-sign-in";

test.each(["42", "#42", "pr-42", "PR-42", "0042"])("%s is pull request 42", (typed) => {
  expect(previewName(typed)).toEqual({ title: "42", stack: "pr-42" });
});

test.each([
  ["feature/mail", /^branch-feature-mail-[0-9a-f]{8}$/],
  ["Feature/Mail", /^branch-feature-mail-[0-9a-f]{8}$/],
  ["users/kim/grüße_🎉", /^branch-users-kim-gru-e-[0-9a-f]{8}$/],
  ["🎉", /^branch-[0-9a-f]{8}$/],
  ["42-fix", /^branch-42-fix-[0-9a-f]{8}$/],
  ["x".repeat(200), /^branch-x{40}-[0-9a-f]{8}$/],
])("branch %s has a stack that Pulumi and Azure take", (typed, stack) => {
  expect(previewName(typed)).toEqual({ title: typed, stack: expect.stringMatching(stack) as string });
});

test.each(["", "0", "4 2", "-1", "--yes", "a..b", "a:b", "a\nb", "/a", "a/", "9".repeat(10), "x".repeat(251)])(
  "%j is refused, in a sentence that names it",
  (typed) => {
    const act = (): unknown => previewName(typed);
    expect(act).toThrow(expect.objectContaining({ code: "wrong-name" }) as Error);
    expect(act).toThrow(/^"[^]*" is no pull request's number and no branch's name\. Give a pull request's number, /);
  },
);

const branch = fc
  .array(fc.oneof(fc.constantFrom("/", "-", "_", "#", "ü", "🎉", "feature"), fc.string({ unit: "grapheme" })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((parts) => parts.join(""))
  .filter((name) => {
    try {
      previewName(name);
      return true;
    } catch {
      return false;
    }
  });

test("whatever a branch is called, its stack is a preview's, within every limit", () => {
  fc.assert(
    fc.property(branch, (name) => {
      const { stack } = previewName(name);
      expect(stack).toMatch(/^[a-z0-9-]{1,100}$/);
      expect([isPreviewStack(stack), environmentOf(stack, undefined)]).toEqual([true, "preview"]);
      expect(ownName(project, stack).length).toBeLessThanOrEqual(40);
      expect(globalName("vault", project, stack, "a".repeat(suffixLength)).length).toBeLessThanOrEqual(24);
    }),
  );
});

test("two branches that differ in one character share neither stack nor resource group", () => {
  fc.assert(
    fc.property(branch, fc.nat(), fc.constantFrom("a", "B", "9", "é"), (name, at, character) => {
      const letters = [...name];
      letters[at % letters.length] = character;
      const other = letters.join("");
      fc.pre(other !== name && !/^[#\d]+$/.test(name + other));
      let two: string;
      try {
        two = previewName(other).stack;
      } catch {
        return;
      }
      const one = previewName(name).stack;
      expect(one).not.toBe(two);
      expect(ownName(project, one)).not.toBe(ownName(project, two));
    }),
  );
});

test.each(["dev", "staging", "prod", "preview", "pr-", "pr-0", "pr-042", "pr-x", "branch-mail", "my-branch-1a2b3c4d"])(
  "%s is no preview to anybody: neither the program takes it for one, nor does anything here ever touch it",
  (stack) => {
    expect(isPreviewStack(stack)).toBe(false);
    expect(environmentOf(stack, undefined)).not.toBe("preview");
    expect(environmentOf(stack, "preview")).toMatchObject({ code: "environment-differs" });
  },
);
