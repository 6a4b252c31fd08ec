import { styleText } from "node:util";

/** What a colour says; the words say it too, for who sees none. */
export type Meaning = "good" | "bad" | "warning" | "strong";

/** Gives a text the colour of what it means. */
export type Paint = (meaning: Meaning, text: string) => string;

const formats = { good: "green", bad: "red", warning: "yellow", strong: "bold" } as const;

/** No colour at all. */
export const plain: Paint = (_meaning, text) => text;

/** Colours where the stream is a terminal that has them and NO_COLOR is not set; FORCE_COLOR goes before both. */
export function paintOn(stream: NodeJS.WriteStream): Paint {
  return (meaning, text) => styleText(formats[meaning], text, { stream });
}
