import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");
const reference = readFileSync(join(root, "docs/api/README.md"), "utf8").replace(/\s+/g, " ");

/** Members of a class or an interface that users see, each with the first sentence of its docstring. */
function documented(file: string, name: string): [member: string, says: string][] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (one): one is ts.ClassDeclaration | ts.InterfaceDeclaration =>
      (ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one)) && one.name?.text === name,
  );
  return (found?.members ?? []).flatMap((member): [string, string][] => {
    const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
    const text = typeof doc?.comment === "string" ? doc.comment.replace(/\s+/g, " ").trim() : undefined;
    return member.name && text ? [[member.name.getText(source), text]] : [];
  });
}

test.each([
  ["infra/bot-sign-in.ts", "BotSignIn", 12],
  ["infra/bot-sign-in-args.ts", "BotSignInArgs", 20],
  ["infra/connections/connection.ts", "ConnectionArgs", 7],
  ["infra/deployment/existing.ts", "Existing", 5],
])("the reference says of %s what its docstrings say (npm run docs writes it)", (file, name, atLeast) => {
  const members = documented(file, name);
  expect(members.length).toBeGreaterThanOrEqual(atLeast);
  expect(members.filter(([member, says]) => !reference.includes(says) || !reference.includes(member))).toEqual([]);
});
