import { steps, type Arrow } from "./ten-steps";

/** How far one of the ten steps has come. */
interface StepState {
  readonly state: "open" | "done" | "refused";
  /** Which identity provider or service it was. */
  readonly at?: string;
}

/** One conversation's newest request, as far as it has come. */
export interface Talk {
  /** Id of the conversation; empty where none was named. */
  readonly id: string;
  /** Where the person talks to the bot; names that are alike are numbered. */
  readonly name: string;
  /** All ten, in order. */
  readonly steps: readonly StepState[];
}

interface Request {
  readonly states: ReadonlyMap<number, StepState>;
  /** The step that failed and was not done since. */
  readonly stopped?: number | undefined;
}

const begun: Request = { states: new Map() };

/**
 * The newest request of each conversation that the arrows show. Each message of a person's begins the ten steps anew. A
 * step that failed stops the later ones, until it is done.
 *
 * What names no conversation (the provider's pages, the service) belongs to the one that was named before it: one person
 * sits before the page, and does one thing at a time.
 * @param arrows in the order in which their exchanges began
 * @returns the conversations in the order in which they began, and the one that was spoken in last
 */
export function talksOf(arrows: readonly Arrow[]): { readonly talks: readonly Talk[]; readonly newest: Talk } {
  const names = new Map<string, string>();
  const requests = new Map<string, Request>();
  let id = "";
  for (const arrow of arrows) {
    if (arrow.steps.length === 0) continue;
    const { conversation } = arrow;
    id = conversation?.id ?? id;
    if (!names.get(id)) names.set(id, conversation?.name ?? "");
    const known = requests.get(id);
    requests.set(id, taken(known && !beginsAnew(arrow, known) ? known : begun, arrow));
  }
  const talks = [...requests].map(([one, { states }], at, all) => {
    const name = names.get(one) || "Conversation";
    const alike = all.slice(0, at).filter(([other]) => (names.get(other) || "Conversation") === name).length;
    return { id: one, name: alike ? `${name} (${alike + 1})` : name, steps: stepsOf(states) };
  });
  const newest = talks.find((talk) => talk.id === id) ?? { id, name: "", steps: stepsOf(begun.states) };
  return { talks, newest };
}

const stepsOf = (states: Request["states"]): readonly StepState[] =>
  steps.map((_, at) => states.get(at + 1) ?? { state: "open" });

/** A message that was written, or one that was delivered and was not seen to be written. */
function beginsAnew(arrow: Arrow, { states }: Request): boolean {
  return arrow.steps.includes(1) || (arrow.steps.includes(2) && states.has(2));
}

function taken({ states, stopped }: Request, { steps: shown, refused, at }: Arrow): Request {
  const state: StepState = { state: refused ? "refused" : "done", ...(at !== undefined && { at }) };
  const first = Math.min(...shown);
  if (stopped !== undefined && first > stopped) return { states, stopped };
  if (refused) {
    const before = [...states].filter(([step]) => step < first);
    return { states: new Map([...before, [first, state]]), stopped: first };
  }
  const done = new Map([...states, ...shown.map((step) => [step, state] as const)]);
  return { states: done, stopped: stopped !== undefined && shown.includes(stopped) ? undefined : stopped };
}
