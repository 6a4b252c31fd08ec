import type { Connection } from "../../contract/connection";
import type { Log } from "../log";
import type { Settings } from "../settings";
import { plain } from "../skills/markdown";
import { skillFacts } from "../skills/skill";
import type { Turn } from "../turn";
import { claimId } from "./claim";
import type { Once } from "./once";
import { forget } from "./pending-request";
import { providerSignOuts } from "./provider-sign-out";
import { sentences } from "./sentences";
import { nameOf } from "./services";
import type { Owner, SignInRecords } from "./sign-in-records";

/** The sign-out of users, with all that ends with it. */
export class SignOut {
  constructor(
    private readonly settings: Pick<Settings, "connections" | "tenantId" | "chatSignedInTo">,
    private readonly records: SignInRecords,
    private readonly once: Once,
    /** Ends whatever else ends with a user's sign-out. */
    private readonly endSession: (owner: Owner) => Promise<void>,
    private readonly log: Log,
  ) {}

  /** Signs the user out: of all connections, or of what he names. */
  async run(turn: Turn, of?: string): Promise<void> {
    const leaving = of === undefined ? this.settings.connections : this.named(of);
    if (leaving.length === 0) return turn.say(sentences.signOutOfWhat(this.settings.connections.map(nameOf)));
    const id = claimId("activity", turn.id);
    await this.once.run(
      turn,
      id,
      () => sentences.mayBeSignedOut,
      async () => {
        try {
          for (const { name } of leaving) {
            await turn.tokens.signOut(name);
            await this.records.change(turn.owner, (record) => forget(record, name));
          }
          // The chat page's session ends with the sign-in that opened the page.
          const { chatSignedInTo } = this.settings;
          if (of === undefined || leaving.some(({ name }) => name === chatSignedInTo))
            await this.endSession(turn.owner);
          const links = providerSignOuts(leaving, this.settings);
          const text =
            of === undefined
              ? sentences.signedOut(links)
              : sentences.signedOutOf(leaving.map(nameOf).map(plain).join(", "), links);
          return { ended: "done", text };
        } catch (error) {
          this.log.warn({ err: error }, "sign-out failed");
          return { ended: "failed", text: sentences.notSignedOut };
        }
      },
    );
  }

  /** The connections that a user may mean: by their name, their skill, its word or its service, or their provider. */
  private named(text: string): readonly Connection[] {
    const wanted = text.trim().toLowerCase();
    return this.settings.connections.filter(({ name, provider, skill }) => {
      const { word = "", service = "" } = skill ? skillFacts[skill] : {};
      return [name, provider, skill ?? "", word, service].some((known) => known.toLowerCase() === wanted);
    });
  }
}
