import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { TwoOf } from "../deployment/rotation";
import type { BotPrincipal } from "./bot-identity";
import { twoPasswords } from "./two-passwords";

export interface ExistingBotAppArgs {
  readonly clientId: pulumi.Input<string>;
  /** What its owner reads beside the passwords: users may sign in through the same application. */
  readonly credentialName: string;
  /** ISO dates at which the passwords of both places end. */
  readonly passwordsEnd: TwoOf<pulumi.Input<string>>;
}

/**
 * An application that the bot already is. It gets passwords of ours beside those that it has, and a destroy takes ours back;
 * nothing else of it is changed.
 */
export class ExistingBotApp extends pulumi.ComponentResource implements BotPrincipal {
  readonly type = "SingleTenant";
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly passwords: TwoOf<pulumi.Output<string>>;

  constructor(name: string, args: ExistingBotAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ExistingBotApp", name, {}, opts);
    const found = azuread.getApplicationOutput({ clientId: args.clientId }, { parent: this });
    this.passwords = twoPasswords(
      name,
      { applicationId: found.id, displayName: args.credentialName, ends: args.passwordsEnd },
      { parent: this },
    );
    this.clientId = found.clientId;
    this.registerOutputs();
  }
}
