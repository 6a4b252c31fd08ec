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
    for await (const part of arrival.stream as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > bodyLimit) throw tooLarge();
      parts.push(part);
    }
    arrival.body = Buffer.concat(parts).toString("utf8");
  },
};

const tooLarge = (): Error => refuse(413, `An activity may have ${bodyLimit} bytes.`);
