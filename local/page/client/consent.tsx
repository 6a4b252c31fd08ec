import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Consented } from "../consent";
import { Quiet } from "./controls";
import { ask } from "./own";

/**
 * Gives an administrator's consent for everyone, from where the missing one is explained.
 * @param given is called once it is given
 */
export function ConsentForEveryone({ given }: { given?: () => void }): JSX.Element {
  const [told, tell] = useState("");
  const consent = async (): Promise<void> => {
    tell("");
    const answer = await ask("/consent/everyone", { method: "POST" }).catch(() => undefined);
    const { consented = [], message } = ((await answer?.json().catch(() => ({}))) ?? {}) as {
      consented?: readonly Consented[];
      message?: string;
    };
    tell(answer?.ok ? sentence(consented) : (message ?? "That did not work. Try again."));
    if (answer?.ok) given?.();
  };
  return (
    <span class="consent">
      <Quiet onClick={() => void consent()}>Consent for everyone</Quiet>
      <span role="status">{told}</span>
    </span>
  );
}

function sentence(consented: readonly Consented[]): string {
  const granted = consented.map(({ name, permissions }) => `${name} (${permissions.join(", ")})`).join("; ");
  return `Granted for everyone: ${granted}. Press the sign-in button again.`;
}
