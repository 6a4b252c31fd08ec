import type { Router } from "../routes";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { createConnector } from "./connector";
import { createDirectLine } from "./direct-line";
import { pathNotFound } from "./errors";
import { BotFramework } from "./framework";
import { createLogin } from "./login";
import { hostsOf } from "./residency";
import { botResourceType } from "./resource-types/bot";
import { channelResourceType } from "./resource-types/channel";
import { connectionResourceType } from "./resource-types/connection";
import { createTeams, type Teams } from "./teams";
import { createTokenApi } from "./token-service/api";
import { createSignInPages } from "./token-service/browser";

/**
 * Azure Bot Service: the bot registration with its connections and channels in ARM, and the Bot Framework's services
 * behind it. They share one state, in memory.
 */
export function createBotService(azure: Azure): { readonly services: readonly Service[]; readonly teams: Teams } {
  const framework = new BotFramework(azure);
  const { service, teams } = createTeams(framework);
  const connector = createConnector(framework);
  const tokenApi = createTokenApi(framework);
  const signInPages = createSignInPages(framework);
  const services = [
    createLogin(framework.channelKey),
    {
      name: "Bot Connector",
      hosts: hostsOf("api"),
      paths: [...tokenApi.paths, ...connector.paths],
      handle: firstOf(tokenApi, connector),
      kept: [framework.userTokens.kept, framework.directLineTokens.kept],
      resourceTypes: [
        botResourceType(azure),
        connectionResourceType(azure, (settingId) => framework.userTokens.forget(settingId)),
        channelResourceType(azure),
      ],
    },
    {
      name: "Token Service",
      hosts: hostsOf("token"),
      paths: [...signInPages.paths, ...tokenApi.paths],
      handle: firstOf(signInPages, tokenApi),
    },
    createDirectLine(framework, connector),
    service,
  ];
  return { services, teams };
}

/** Answers with the first part that knows the path. */
function firstOf(...parts: readonly Router[]): Service["handle"] {
  return async (request) => {
    for (const part of parts) {
      const answer = await part(request);
      if (answer) return answer;
    }
    throw pathNotFound(request);
  };
}
