import { notServed } from "../gap";
import { invalidTemplate } from "./errors";

/** What an expression can name. Each is called when it is needed. */
export type TemplateFunctions = Readonly<Record<string, (...given: unknown[]) => unknown>>;

/**
 * Replaces every expression (`[concat('a', parameters('b'))]`) in a part of a template by its value.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
 * @throws AzureError InvalidTemplate for what cannot be read, NotServedByLocalAzure for a function that is not served
 */
export function evaluate(part: unknown, functions: TemplateFunctions): unknown {
  if (typeof part === "string") return evaluateText(part, functions);
  if (Array.isArray(part)) return part.map((entry) => evaluate(entry, functions));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, evaluate(value, functions)]));
}

function evaluateText(text: string, functions: TemplateFunctions): unknown {
  if (text.startsWith("[[")) return text.slice(1);
  if (!text.startsWith("[") || !text.endsWith("]")) return text;
  const reader = new Reader(text, text.slice(1, -1), functions);
  return reader.whole();
}

/** Reads one expression from left to right. */
class Reader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly source: string,
    private readonly functions: TemplateFunctions,
  ) {}

  whole(): unknown {
    const value = this.#value();
    if (this.#take(/\s*/y) === undefined || this.#at !== this.source.length) throw this.#unreadable();
    return value;
  }

  #value(): unknown {
    this.#take(/\s*/y);
    const literal = this.#take(/'(?:[^']|'')*'/y);
    if (literal !== undefined) return literal.slice(1, -1).replaceAll("''", "'");
    const number = this.#take(/-?\d+/y);
    if (number !== undefined) return Number(number);
    const name = this.#take(/[A-Za-z_]\w*/y);
    if (name === undefined) throw this.#unreadable();
    return this.#members(this.#call(name));
  }

  #call(name: string): unknown {
    const known = Object.keys(this.functions).find((one) => one.toLowerCase() === name.toLowerCase());
    const called = known === undefined ? undefined : this.functions[known];
    if (!called) {
      throw notServed(`the template function '${name}' in '${this.text}'`, "Azure may");
    }
    if (this.#take(/\s*\(/y) === undefined) throw this.#unreadable();
    const given: unknown[] = [];
    if (this.#take(/\s*\)/y) !== undefined) return called();
    for (;;) {
      given.push(this.#value());
      if (this.#take(/\s*\)/y) !== undefined) return called(...given);
      if (this.#take(/\s*,/y) === undefined) throw this.#unreadable();
    }
  }

  /** `.name` and `[0]` behind a value. */
  #members(value: unknown): unknown {
    const name = this.#take(/\s*\.\s*([A-Za-z_]\w*)/y)?.replace(/[\s.]/g, "");
    if (name !== undefined) return this.#members(this.#member(value, name));
    if (this.#take(/\s*\[/y) === undefined) return value;
    const key = this.#value();
    if (this.#take(/\s*\]/y) === undefined) throw this.#unreadable();
    return this.#members(this.#member(value, String(key)));
  }

  #member(value: unknown, name: string): unknown {
    const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
    if (found === undefined) throw invalidTemplate(`The expression '${this.text}' finds no property '${name}'.`);
    return found;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.source);
    if (!match) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #unreadable(): Error {
    return invalidTemplate(`The language expression '${this.text}' is not valid.`);
  }
}
