import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { catalogues } from "../../contract/known-errors/catalogues";

/** A sentence that stands where the catalogue should be asked. */
export interface Outside {
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

const codes = new Set(catalogues.flatMap(({ errors }) => errors.flatMap((error) => error.codes)));

/**
 * Sentences of a source that somebody reads because of what a service answered: below a condition, or in a row, that holds an
 * HTTP status of refusal, a number of Entra's or a code of the catalogue; and the fix of an AzureCallError that has a status.
 */
export function fixesOutside(file: string, text: string): Outside[] {
  const source = parsed(file, text);
  const found = new Map<number, Outside>();
  const note = (node: ts.Node): void => {
    for (const sentence of sentencesIn(node)) {
      const line = source.getLineAndCharacterOfPosition(sentence.getStart()).line + 1;
      found.set(sentence.getStart(), { file, line, says: sentence.getText() });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) && tellsOfAnswer(node.expression)) note(node.thenStatement);
    if (ts.isConditionalExpression(node) && tellsOfAnswer(node.condition)) note(node.whenTrue);
    if (ts.isCaseClause(node) && tellsOfAnswer(node.expression)) node.statements.forEach(note);
    if (isAnd(node) && tellsOfAnswer(node.left)) note(node.right);
    if (ts.isObjectLiteralExpression(node)) {
      const own = node.properties.filter(ts.isPropertyAssignment).map(({ initializer }) => initializer);
      const [patterns, others] = [own.filter(isPattern), own.filter((value) => !isPattern(value))];
      if (patterns.some(tellsOfAnswer)) others.forEach(note);
    }
    if (ts.isNewExpression(node) && node.expression.getText() === "AzureCallError" && node.arguments?.length === 5) {
      note(node.arguments[3]!);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}

const parsedBefore = new Map<string, ts.SourceFile>();

/** A source's tree; each text is read once. */
export function parsed(file: string, text: string): ts.SourceFile {
  const source = parsedBefore.get(text) ?? ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  parsedBefore.set(text, source);
  return source;
}

const isAnd = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;

/** What a row of a table is found by. */
const isPattern = (node: ts.Node): boolean =>
  ts.isRegularExpressionLiteral(node) ||
  ts.isArrowFunction(node) ||
  (ts.isArrayLiteralExpression(node) &&
    node.elements.every((one) => ts.isStringLiteral(one) || ts.isNumericLiteral(one)));

/** Whether an expression holds what a service answered. */
function tellsOfAnswer(expression: ts.Node): boolean {
  let tells = false;
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) tells ||= /^[45]\d\d$/.test(node.text);
    else if (ts.isStringLiteralLike(node)) tells ||= codes.has(node.text) || /AADSTS\d/.test(node.text);
    else if (ts.isRegularExpressionLiteral(node))
      tells ||= /AADSTS/.test(node.text) || wordsOf(node.text).some((word) => codes.has(word));
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return tells;
}

const wordsOf = (text: string): readonly string[] => text.match(/\w+/g) ?? [];

/** Literals of four words and more, which a person reads. */
function sentencesIn(node: ts.Node): ts.Node[] {
  const sentences: ts.Node[] = [];
  const visit = (inner: ts.Node): void => {
    const isText = ts.isStringLiteralLike(inner) || ts.isTemplateExpression(inner);
    if (isText && (inner.getText().match(/[A-Za-z]{2,} /g) ?? []).length >= 3) sentences.push(inner);
    else ts.forEachChild(inner, visit);
  };
  visit(node);
  return sentences;
}

/** All sources below a folder, by their path from the project's. */
export function sourcesIn(root: string, folder: string): { file: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ts$/.test(name) && !/\.d\.ts$/.test(name) && !name.includes("node_modules"))
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(root, folder, name), "utf8") }));
}
