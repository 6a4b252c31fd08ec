import type { JSX } from "preact";

/** A button beside the main business of the page. */
export function Quiet({ children, ...attributes }: JSX.IntrinsicElements["button"]): JSX.Element {
  return (
    <button type="button" class="quiet" {...attributes}>
      {children}
    </button>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly class?: string;
  readonly value: string | undefined;
  readonly disabled?: boolean;
  /** What may be chosen, and how it is shown. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string) => void;
}

/** A list with a label, of which one is chosen. */
export function Choice({ label, class: kind, options, choose, ...select }: ChoiceProps): JSX.Element {
  return (
    <label class={kind}>
      {label}
      <select {...select} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Names with their values. */
export function Facts({
  rows,
  ...list
}: {
  readonly rows: readonly (readonly [string, string])[];
  class?: string;
}): JSX.Element {
  return (
    <dl {...list}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
