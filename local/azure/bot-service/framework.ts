import type { Azure } from "../service";
import { ChannelKey } from "./channel-key";
import { Conversations } from "./direct-line/conversations";
import { Delivery } from "./direct-line/delivery";
import { Sessions } from "./direct-line/sessions";
import { DirectLineTokens } from "./direct-line/tokens";
import { Registrations } from "./registration";
import { SignIns } from "./token-service/sign-ins";
import { UserTokens } from "./token-service/user-tokens";

/** What the Bot Framework's services share behind their hosts. */
export class BotFramework {
  readonly registrations: Registrations;
  readonly channelKey: ChannelKey;
  readonly delivery: Delivery;
  readonly conversations = new Conversations();
  readonly sessions: Sessions;
  readonly directLineTokens: DirectLineTokens;
  readonly signIns: SignIns;
  readonly userTokens: UserTokens;

  constructor(readonly azure: Azure) {
    const clock = (): Azure["clock"] => azure.clock;
    this.registrations = new Registrations(azure);
    this.channelKey = new ChannelKey(clock);
    this.delivery = new Delivery(azure, this.channelKey);
    this.sessions = new Sessions(clock);
    this.directLineTokens = new DirectLineTokens(clock);
    this.signIns = new SignIns(clock);
    this.userTokens = new UserTokens(azure);
  }
}
