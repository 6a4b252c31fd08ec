import { createHash } from "node:crypto";
import type { Resource } from "../../service";

/** The bot's id that a connection or channel lies below. */
export function botIdOf(resource: Resource): string {
  return resource.id.replace(/\/(connections|channels)\/[^/]+$/i, "");
}

/** `bot1/DirectLineChannel`: children are named with their bot. recorded: azure-cli test_directline_channel */
export function childName(resource: Resource): string {
  return resource.id
    .split("/")
    .filter((_, at, all) => at === all.length - 3 || at === all.length - 1)
    .join("/");
}

/** A weak etag as Bot Service writes it, hash and date run together; a read's differs from the write's. */
export function weakEtag(resource: Resource, answer: string): string {
  const hash = createHash("md5").update(`${resource.id} ${answer} ${resource.changedAt.toISOString()}`).digest("hex");
  return `W/"${hash}${resource.changedAt.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "")}"`;
}
