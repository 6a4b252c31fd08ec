/** What a condition of a role assignment is asked about: an action on a role assignment. */
export interface AskedOfCondition {
  readonly action: string;
  /** Attributes of the role assignment that is written or deleted: `RoleDefinitionId`, `PrincipalId`, `PrincipalType`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Whether a condition lets an action on a role assignment through. Conditions on other attributes (of blobs, say) are no
 * concern of that action, and one that cannot be read bounds nothing here.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 */
export function fulfils(condition: string, asked: AskedOfCondition): boolean {
  try {
    return new Reader(condition, asked).whole();
  } catch {
    return true;
  }
}

const words = /\s*(\(|\)|!|&&|\|\||\{[^}]*\}|'[^']*'|@\w+\[[^\]]+\]|[\w:]+)/gy;

class Reader {
  readonly #words: string[];
  #at = 0;

  constructor(
    condition: string,
    private readonly asked: AskedOfCondition,
  ) {
    this.#words = [...condition.trim().matchAll(words)].map(([, word]) => word!);
  }

  whole(): boolean {
    const value = this.#any();
    if (this.#at < this.#words.length) throw new Error(`A condition goes on with ${this.#words[this.#at]}`);
    return value;
  }

  #next(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Error("A condition ends too soon");
    return word;
  }

  #take(...expected: readonly string[]): boolean {
    const found = expected.includes(this.#words[this.#at]?.toUpperCase() ?? "");
    if (found) this.#at += 1;
    return found;
  }

  #any(): boolean {
    let value = this.#all();
    while (this.#take("OR", "||")) value = this.#all() || value;
    return value;
  }

  #all(): boolean {
    let value = this.#one();
    while (this.#take("AND", "&&")) value = this.#one() && value;
    return value;
  }

  #one(): boolean {
    if (this.#take("!", "NOT")) return !this.#one();
    if (this.#take("(")) {
      const value = this.#any();
      if (!this.#take(")")) throw new Error("A bracket of a condition stays open");
      return value;
    }
    const word = this.#next();
    if (word === "ActionMatches") return matches(valuesIn(this.#next())[0] ?? "", this.asked.action);
    const attribute = /^@(?:Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]$/i.exec(word)?.[1];
    const operator = this.#next();
    const values = valuesIn(this.#next());
    const value = attribute && this.asked.attributes[attribute];
    if (value === undefined) throw new Error(`The condition asks for ${word}`);
    const isOne = values.some((one) => one.toLowerCase() === value.toLowerCase());
    return /Not(Equals|EqualsIgnoreCase)$/i.test(operator) ? !isOne : isOne;
  }
}

function valuesIn(text: string): string[] {
  return text
    .replace(/^[{']|[}']$/g, "")
    .split(",")
    .map((one) => one.trim().replace(/^'|'$/g, ""));
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${expression}$`, "i").test(action);
}
