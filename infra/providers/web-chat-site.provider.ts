import { type Access, deployerAccess } from "./access";
import { armClient } from "./arm";
import { AzureCallError } from "./azure-call-error";
import { type BotAddress, botId } from "./bot-service";
import { blocksUploads, closed, defaultSite, kept, readSites, siteNamed, writeSites } from "./channel-sites";
import { difference, gone } from "./lifecycle";
import type { WholeProvider } from "./shipped-provider";

export type Inputs = BotAddress;

export interface Outputs extends Inputs {
  readonly disabled: boolean;
  /** Why the site is still open; empty where it is not. */
  readonly reason: string;
  /** True where the site was closed and somebody has opened it since. */
  readonly reopened: boolean;
}

/**
 * Web Chat's own default site. It cannot be deleted, and no recording shows that it can be switched off: so this tries,
 * reads back, and says what it found instead of failing a deployment over a service that does not take the write.
 */
export function webChatDefaultSite(access: () => Access): WholeProvider<Inputs, Outputs> {
  const close = async (inputs: Inputs): Promise<Outputs> => {
    const reason = await closeSite(access(), channelId(inputs)).catch(notTaken);
    return { ...inputs, disabled: reason === "", reason, reopened: false };
  };
  return {
    check: async (_olds, news) => ({ inputs: news, failures: [] }),
    diff: async (_id, olds, news) => {
      const found = difference<Inputs>(olds, news, ["subscriptionId", "resourceGroupName", "botName"], []);
      // A site that the service never closed is not tried again: every deployment would then show a change.
      return { ...found, changes: found.changes || olds.reopened === true };
    },
    create: async (inputs) => ({ id: `${channelId(inputs)}/sites/${defaultSite}`, outs: await close(inputs) }),
    update: async (_id, _olds, news) => ({ outs: await close(news) }),
    async read(id, props) {
      const sites = props && (await readSites(armClient(access()), channelId(props)));
      if (!sites) return gone;
      const reason = stillOpen(siteNamed(sites, defaultSite)?.isEnabled);
      const reopened = reason !== "" && (props.disabled || props.reopened === true);
      return { id, props: { ...props, disabled: reason === "", reason, reopened } };
    },
    // Nothing to undo: a site that was closed stays closed, and goes with its bot.
    delete: async () => {},
  };
}

export const provider = webChatDefaultSite(deployerAccess);

function channelId(address: BotAddress): string {
  return `${botId(address)}/channels/WebChatChannel`;
}

async function closeSite(access: Access, id: string): Promise<string> {
  const arm = armClient(access);
  const sites = (await readSites(arm, id)) ?? [];
  const site = siteNamed(sites, defaultSite);
  if (!site || (site.isEnabled !== true && blocksUploads(site))) return "";
  await writeSites(
    arm,
    id,
    sites.map((site) => (site.siteName === defaultSite ? closed(site) : kept(site))),
  );
  return stillOpen(siteNamed((await readSites(arm, id)) ?? [], defaultSite)?.isEnabled);
}

/**
 * Why the service does not take the write. A missing right, a busy bot or a broken line is no such reason: another
 * deployment could close the site, and would not try to if this one had gone through.
 */
function notTaken(error: unknown): string {
  if (error instanceof AzureCallError && (error.status === 400 || error.status === 405)) return error.message;
  throw error;
}

function stillOpen(isEnabled: boolean | null | undefined): string {
  return isEnabled === true ? "the service took the write and left the site enabled" : "";
}
