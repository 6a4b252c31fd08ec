import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";

/** A resource of random: made once, kept in the state, replaced when an input changes. It has no other place to live. */
function randomResource(
  type: string,
  make: (inputs: Properties) => { id: string; outputs: Properties },
  more: Pick<Row, "check" | "secretOutputs"> = {},
): Row {
  return {
    token: `random:index/${type[0]?.toLowerCase()}${type.slice(1)}:${type}`,
    ...more,
    create: (_session, inputs) => {
      const { id, outputs } = make(inputs);
      return Promise.resolve({ id, outputs: { ...inputs, ...outputs } });
    },
    read: (_session, id, state) => Promise.resolve({ id, outputs: state.outputs }),
    delete: () => Promise.resolve(),
  };
}

const specials = "!@#$%&*()-_=+[]{}<>:?";
const classes = [
  { use: "lower", least: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { use: "numeric", least: "minNumeric", characters: "0123456789" },
  { use: "special", least: "minSpecial", characters: specials },
  { use: "upper", least: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
] as const;

const stringDefaults = (_name: string, inputs: Properties): Properties => {
  const defaults: Properties = {};
  for (const { use, least } of classes) {
    defaults[use] = use === "numeric" ? (inputs.number ?? true) : true;
    defaults[least] = 0;
  }
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => inputs[name] === undefined));
};

/** A string of the given length with at least so many characters of each class, shuffled. */
function randomString(inputs: Properties): string {
  const used = classes
    .filter(({ use }) => inputs[use] !== false)
    .map((entry) => ({
      least: Number(inputs[entry.least] ?? 0),
      characters:
        entry.use === "special" && typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== ""
          ? inputs.overrideSpecial
          : entry.characters,
    }));
  const length = number(inputs, "length");
  const all = used.map(({ characters }) => characters).join("");
  const required = used.flatMap(({ least, characters }) => Array.from({ length: least }, () => pick(characters)));
  if (length < 1 || length < required.length || all === "") {
    throw new PluginError(
      "invalid-input",
      `length is ${length}: at least 1, the minimums together (${required.length}), and one class of characters are needed`,
    );
  }
  const drawn = [...required, ...Array.from({ length: length - required.length }, () => pick(all))];
  for (let at = drawn.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [drawn[at], drawn[other]] = [drawn[other] as string, drawn[at] as string];
  }
  return drawn.join("");
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

function number(inputs: Properties, name: string): number {
  const value = Number(inputs[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new PluginError("invalid-input", `${name} is ${String(inputs[name])}: a whole number above 0 is needed`);
}

/**
 * Every resource type of random that the program uses. `RandomPassword` has no `bcryptHash` here: nothing in a bot's
 * set-up reads it.
 */
export const rows: readonly Row[] = [
  randomResource("RandomUuid", () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  }),
  randomResource(
    "RandomString",
    (inputs) => {
      const result = randomString(inputs);
      return { id: result, outputs: { result } };
    },
    { check: stringDefaults },
  ),
  randomResource("RandomPassword", (inputs) => ({ id: "none", outputs: { result: randomString(inputs) } }), {
    check: stringDefaults,
    secretOutputs: ["result"],
  }),
  randomResource("RandomId", (inputs) => {
    const bytes = randomBytes(number(inputs, "byteLength"));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    return {
      id: bytes.toString("base64url"),
      outputs: {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      },
    };
  }),
  randomResource(
    "RandomBytes",
    (inputs) => {
      const bytes = randomBytes(number(inputs, "length"));
      return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
    },
    { secretOutputs: ["base64", "hex"] },
  ),
];
