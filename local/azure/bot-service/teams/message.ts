import type { Account, Activity } from "../activity";

/** What people have Teams open on. */
export const devices = ["browser", "desktop", "phone"] as const;
export type Device = (typeof devices)[number];

const platforms: Readonly<Record<Device, string>> = { browser: "Web", desktop: "Windows", phone: "iOS" };

/**
 * A message as a device of Teams sends it. Where the bot is mentioned, as everybody has to in a group and in a channel, its
 * name stands in `<at>` before the text, and devices differ in the rest: a space that does not break between the two, a
 * mention whose `text` is null, or none at all. A bot has to find its command in each.
 * @param mentioned the bot, where the person names it
 */
export function messageOf(text: string, device: Device, mentioned: Account | undefined): Activity {
  const clientInfo = {
    locale: "en-GB",
    country: "GB",
    platform: platforms[device],
    timezone: "Europe/London",
    type: "clientInfo",
  };
  const message = { type: "message", textFormat: "plain", locale: "en-GB" };
  if (!mentioned) return { ...message, text, entities: [clientInfo] };
  const name = mentioned.name ?? "";
  const at = `<at>${escaped(name)}</at>`;
  const mention = { type: "mention", mentioned: { id: mentioned.id, name }, ...mentionText(device, at) };
  const html =
    `<p><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">${escaped(name)}</span>` +
    `&nbsp;${escaped(text)}</p>`;
  return {
    ...message,
    text: device === "browser" ? `${at}&nbsp;${text}` : `${at} ${text}\n`,
    entities: [mention, clientInfo],
    attachments: [{ contentType: "text/html", content: html }],
  };
}

function mentionText(device: Device, at: string): { text?: string | null } {
  if (device === "browser") return { text: at };
  return device === "phone" ? { text: null } : {};
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}
