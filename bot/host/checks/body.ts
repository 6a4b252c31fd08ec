import { BotError } from "../../error";
import { type Check, refuse } from "../arrival";

/** Bytes of an activity: Direct Line's own limit is 256 KB of text, in which a character takes up to three bytes. */
export const bodyLimit = 768 * 1024;

/** Reads the body, but never more than {@link bodyLimit} of it. */
export const body: Check = {
  name: "body limit",
  async run(arrival) {
    if (Number(arrival.headers["content-length"] ?? 0) > bodyLimit) throw tooLarge();
    const parts: Buffer[] = [];
    let size = 0;
    try {
      for await (const part of arrival.stream as AsyncIterable<Buffer>) {
        size += part.length;
        if (size > bodyLimit) throw tooLarge();
        parts.push(part);
      }
      arrival.body = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
    } catch (error) {
      if (error instanceof BotError) throw error;
      throw refuse(400, error instanceof TypeError ? "The body is not UTF-8." : "The body did not arrive in full.");
    }
  },
};

const tooLarge = (): Error => refuse(413, `An activity may have ${bodyLimit} bytes.`);
