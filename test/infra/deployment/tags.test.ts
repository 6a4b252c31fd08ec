import fc from "fast-check";
import { entraTagsOf, lastingTags, tagsFromEntra, tagsOf } from "../../../infra/deployment/tags";

test("tags say project and stack, and owner and commit where they are known", () => {
  expect(tagsOf({ project: "bot-sign-in", stack: "dev" })).toEqual({ project: "bot-sign-in", stack: "dev" });
  expect(tagsOf({ project: "bot-sign-in", stack: "pr-42", owner: "Ada", commit: "8412f4f" })).toEqual({
    project: "bot-sign-in",
    stack: "pr-42",
    owner: "Ada",
    commit: "8412f4f",
  });
});

test("Entra, which knows words only, gets the same tags in an order that never changes", () => {
  expect(entraTagsOf({ stack: "dev", project: "bot-sign-in", commit: "8412f4f" })).toEqual([
    "commit:8412f4f",
    "project:bot-sign-in",
    "stack:dev",
  ]);
});

test("a secret's tags stay the same from commit to commit, because each write is a new version of it", () => {
  expect(lastingTags({ project: "bot-sign-in", stack: "dev", owner: "Ada", commit: "8412f4f" })).toEqual({
    project: "bot-sign-in",
    stack: "dev",
  });
});

test("no two stacks share their tags", () => {
  const word = fc.string({ minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(word, word, word, (project, one, other) => {
      const same = JSON.stringify(entraTagsOf(tagsOf({ project, stack: one })));
      return (one === other) === (same === JSON.stringify(entraTagsOf(tagsOf({ project, stack: other }))));
    }),
  );
});

test("what Entra keeps of a preview's tags is read back, colons of its expiry included", () => {
  const tags = tagsOf({ project: "bot-sign-in", stack: "pr-42", owner: "Ada", expires: "2027-01-15T12:00:00Z" });
  expect(tagsFromEntra(["HideApp", ":", ...entraTagsOf(tags)])).toEqual(tags);
});
