import { day, hour, minute, second } from "../../../contract/time";
import { notServed } from "../gap";
import type { Column, LogRow } from "./console-logs";
import { columnUnknown, syntaxError } from "./errors";

/** What is asked of: tables by their names, and the time that `ago` counts from. */
export interface Asked {
  readonly columns: readonly Column[];
  readonly rows: readonly LogRow[];
  readonly now: Date;
}

/** A table of an answer. */
export interface Answered {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Token {
  readonly kind: "word" | "string" | "number" | "sign" | "end";
  readonly text: string;
  readonly line: number;
  /** Of its first letter in the line, from 0: recorded: azure-sdk-for-js monitor-query. */
  readonly pos: number;
}

/** A table as it goes from one operator to the next. */
interface Flow {
  readonly columns: readonly Column[];
  readonly rows: readonly LogRow[];
}

type Step = (flow: Flow) => Flow;
type Test = (row: LogRow) => boolean;

/** Operators of KQL that Azure has, and this has not. https://learn.microsoft.com/kusto/query/tabular-operators */
const others =
  /^(as|consume|count|distinct|evaluate|extend|externaldata|facet|find|fork|getschema|invoke|join|lookup|make-series|mv|mv-apply|mv-expand|parse|partition|print|project-\w+|range|reduce|render|sample|scan|search|serialize|summarize|top-\w+|union)$/;

/**
 * Answers a query of the one table whose rows the local Azure has, in the part of KQL that reads lines: where, project,
 * order by, take and top. https://learn.microsoft.com/kusto/query/
 * @throws AzureError in Azure's words where it is no KQL or names a column that is not there, and in the local Azure's own where
 *   Azure would answer it
 */
export function answerQuery(query: string, asked: Asked): Answered {
  const parser = new Parser(tokensOf(query), asked);
  const { columns, rows } = parser.parse().reduce<Flow>((flow, step) => step(flow), asked);
  return { columns, rows: rows.map((row) => columns.map(([name]) => row[name] ?? null)) };
}

function tokensOf(query: string): Token[] {
  const pattern =
    /(?<skip>\s+|\/\/[^\n]*)|(?<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<number>\d+(?:\.\d+)?[a-z]*)|(?<word>[A-Za-z_][\w-]*)|(?<sign>==|!=|=~|!~|>=|<=|.)/gs;
  const tokens: Token[] = [];
  for (const match of query.matchAll(pattern)) {
    const before = query.slice(0, match.index).split("\n");
    const at = { line: before.length, pos: before.at(-1)!.length };
    const kind = (["string", "number", "word", "sign"] as const).find((one) => match.groups![one] !== undefined);
    if (kind) tokens.push({ kind, text: match[0], ...at });
  }
  const lines = query.split("\n");
  return [...tokens, { kind: "end", text: "", line: lines.length, pos: lines.at(-1)!.length }];
}

class Parser {
  #at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly asked: Asked,
  ) {}

  parse(): Step[] {
    const table = this.#take("word");
    const steps: Step[] = [];
    while (this.#next.kind !== "end") {
      this.#sign("|");
      steps.push(this.#step());
    }
    if (table !== "AppServiceConsoleLogs") throw notServed(`the table ${table} of a log workspace`);
    return steps;
  }

  get #next(): Token {
    return this.tokens[this.#at]!;
  }

  #step(): Step {
    const token = this.#next;
    const operator = this.#take("word");
    switch (operator) {
      case "where": {
        const test = this.#either();
        return ({ columns, rows }) => ({ columns, rows: rows.filter(test) });
      }
      case "project": {
        const names = this.#list(() => this.#column("project")[0]);
        const columns = names.map((name) => this.asked.columns.find(([one]) => one === name)!);
        return ({ rows }) => ({ columns, rows });
      }
      case "order":
      case "sort":
        this.#word("by");
        return this.#ordered(operator);
      case "take":
      case "limit": {
        const count = this.#count();
        return ({ columns, rows }) => ({ columns, rows: rows.slice(0, count) });
      }
      case "top": {
        const count = this.#count();
        this.#word("by");
        const ordered = this.#ordered("top");
        return (flow) => ({ columns: flow.columns, rows: ordered(flow).rows.slice(0, count) });
      }
      default:
        if (others.test(operator)) throw notServed(`the operator ${operator} of KQL`);
        throw syntaxError(operator, token.line, token.pos);
    }
  }

  /** Descending unless it says otherwise: https://learn.microsoft.com/kusto/query/sort-operator */
  #ordered(operator: string): Step {
    const by = this.#list(() => {
      const [name] = this.#column(operator);
      const direction = this.#next.text === "asc" || this.#next.text === "desc" ? this.#take("word") : "desc";
      return { name, sign: direction === "asc" ? 1 : -1 };
    });
    const compare = (one: LogRow, other: LogRow): number =>
      by
        .map(({ name, sign }) => sign * (one[name]! < other[name]! ? -1 : one[name]! > other[name]! ? 1 : 0))
        .find((order) => order !== 0) ?? 0;
    return ({ columns, rows }) => ({ columns, rows: rows.toSorted(compare) });
  }

  #either(): Test {
    const tests = [this.#all()];
    while (this.#next.text === "or") {
      this.#take("word");
      tests.push(this.#all());
    }
    return (row) => tests.some((test) => test(row));
  }

  #all(): Test {
    const tests = [this.#test()];
    while (this.#next.text === "and") {
      this.#take("word");
      tests.push(this.#test());
    }
    return (row) => tests.every((test) => test(row));
  }

  #test(): Test {
    if (this.#next.text === "(") {
      this.#sign("(");
      const inner = this.#either();
      this.#sign(")");
      return inner;
    }
    const [name, type] = this.#column("where");
    const token = this.#next;
    this.#at += 1;
    const compare = comparisons[token.text];
    if (!compare && token.kind === "word") throw notServed(`the comparison ${token.text} of KQL`);
    if (!compare) throw syntaxError(token.text, token.line, token.pos);
    const value = type === "datetime" ? this.#time() : this.#string();
    return (row) => compare(row[name] ?? "", value);
  }

  /** `ago(1h)` or `datetime(2026-11-30T06:00:00Z)`, as its rows write a time. */
  #time(): string {
    const token = this.#next;
    const name = this.#take("word");
    this.#sign("(");
    const parts: string[] = [];
    while (this.#next.text !== ")" && this.#next.kind !== "end") parts.push(this.tokens[this.#at++]!.text);
    this.#sign(")");
    const text = parts.join("").replace(/^["']|["']$/g, "");
    if (name === "datetime" && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(d|h|m|s|ms)$/.exec(text) ?? [];
    if (name !== "ago" || amount === undefined) throw syntaxError(token.text, token.line, token.pos);
    return new Date(this.asked.now.getTime() - Number(amount) * milliseconds[unit]!).toISOString();
  }

  #string(): string {
    const text = this.#take("string");
    return text.slice(1, -1).replace(/\\(.)/gs, (_all, one: string) => ({ n: "\n", t: "\t" })[one] ?? one);
  }

  #count(): number {
    return Number(this.#take("number"));
  }

  #column(operator: string): Column {
    const name = this.#take("word");
    const column = this.asked.columns.find(([one]) => one === name);
    if (!column) throw columnUnknown(operator, name);
    return column;
  }

  #list<Found>(one: () => Found): Found[] {
    const found = [one()];
    while (this.#next.text === ",") {
      this.#sign(",");
      found.push(one());
    }
    return found;
  }

  #take(kind: Token["kind"]): string {
    const token = this.#next;
    if (token.kind !== kind) throw syntaxError(token.text, token.line, token.pos);
    this.#at += 1;
    return token.text;
  }

  #word(text: string): void {
    const token = this.#next;
    if (this.#take("word") !== text) throw syntaxError(token.text, token.line, token.pos);
  }

  #sign(text: string): void {
    const token = this.#next;
    if (token.text !== text) throw syntaxError(token.text, token.line, token.pos);
    this.#at += 1;
  }
}

const milliseconds: Readonly<Record<string, number>> = { d: day, h: hour, m: minute, s: second, ms: 1 };

const lower = (text: string): string => text.toLowerCase();

/** https://learn.microsoft.com/kusto/query/datatypes-string-operators */
const comparisons: Readonly<Record<string, (value: string, other: string) => boolean>> = {
  "==": (value, other) => value === other,
  "!=": (value, other) => value !== other,
  "=~": (value, other) => lower(value) === lower(other),
  "!~": (value, other) => lower(value) !== lower(other),
  ">": (value, other) => value > other,
  ">=": (value, other) => value >= other,
  "<": (value, other) => value < other,
  "<=": (value, other) => value <= other,
  contains: (value, other) => lower(value).includes(lower(other)),
  startswith: (value, other) => lower(value).startsWith(lower(other)),
};
