import * as botservice from "@pulumi/azure-native/botservice";
import * as pulumi from "@pulumi/pulumi";
import { entra } from "../../contract/connection";
import { throughSignInApp } from "../connections/apis";
import type { ConnectionArgs } from "../connections/connection";
import { connectionParameters, keyValuePairs, type ResolvedConnection } from "../connections/parameters";
import { ConnectionCheck } from "../resources/connection-check";
import { onceMade } from "./once-made";
import type { SingleSignOn } from "./single-sign-on";

export interface ConnectionsArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botHandle: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  readonly connections: readonly ConnectionArgs[];
  /** For connections that bring no application of their own; undefined where all do. */
  readonly signInApp: SignInAppOfConnections | undefined;
  /** Client ids of the APIs that scopes name. */
  readonly apiIds?: pulumi.Input<Readonly<Record<string, string>>> | undefined;
  /** Whether this deployment makes anew what a rotation renews, also of connections that were made by hand. Default: no. */
  readonly renews?: boolean;
  /** Where single sign-on is on. */
  readonly singleSignOn?: SingleSignOn | undefined;
}

/** The application through which connections sign users in, and how the Token Service proves itself as it. */
export interface SignInAppOfConnections {
  readonly clientId: pulumi.Output<string>;
  /** Secret; undefined where no connection needs one. */
  readonly password: pulumi.Output<string> | undefined;
  readonly uniqueIdentifier: pulumi.Output<string> | undefined;
  /** What has to be there before the password is handed on. */
  readonly proof?: readonly pulumi.Resource[];
}

/** What the Token Service needs to sign users in, one for each connection of the settings, each read back. */
export class Connections extends pulumi.ComponentResource {
  constructor(name: string, args: ConnectionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:Connections", name, {}, opts);
    for (const connection of args.connections) this.#connect(`${name}-${connection.name}`, connection, args);
    this.registerOutputs();
  }

  #connect(name: string, connection: ConnectionArgs, args: ConnectionsArgs): void {
    const { subscriptionId, resourceGroupName, botHandle } = args;
    const {
      provider = entra,
      clientId: givenId,
      clientSecret: givenSecret,
      secretless,
      adopted = false,
      ...rest
    } = connection;
    const signInApp = throughSignInApp(connection) ? args.signInApp : undefined;
    const { password, uniqueIdentifier, proof = [] } = signInApp ?? {};
    const federated = secretless ? uniqueIdentifier : undefined;
    const singleSignOn = signInApp ? args.singleSignOn : undefined;
    const resolved = pulumi.output({ ...rest, provider }) as pulumi.Output<ResolvedConnection>;
    const wanted = pulumi
      .all([resolved, args.tenantId, singleSignOn?.tokenExchangeUrl, federated, args.apiIds ?? {}])
      .apply(([of, tenantId, tokenExchangeUrl, tail, apiIds]) =>
        connectionParameters(of, { tenantId, tokenExchangeUrl, uniqueIdentifier: tail, apiIds }),
      );
    const clientId = signInApp?.clientId ?? pulumi.output(givenId ?? "");
    const given = givenSecret === undefined ? undefined : pulumi.secret(givenSecret);
    const clientSecret = federated ? undefined : (password ?? given);

    const made = new botservice.BotConnection(
      name,
      {
        resourceGroupName,
        resourceName: botHandle,
        // Given outright: Pulumi would add random letters, and the bot would not find it (known mistake 8).
        connectionName: connection.name,
        location: args.location,
        // No tags: those of a connection overwrite the bot's own (https://github.com/Azure/azure-rest-api-specs/issues/18334).
        properties: {
          serviceProviderId: wanted.serviceProviderId,
          serviceProviderDisplayName: wanted.serviceProviderDisplayName,
          clientId,
          ...(clientSecret ? { clientSecret } : {}),
          scopes: wanted.scopes,
          parameters: wanted.parameters.apply(keyValuePairs),
        },
      },
      {
        parent: this,
        // Bot Service's answers carry the client secret twice (known mistake 12).
        additionalSecretOutputs: ["properties"],
        // Nothing is written to one that was made by hand: what a write without its secret, which is not ours to know, leaves of it
        // no recording shows.
        ...(adopted && !(args.renews && clientSecret)
          ? { ignoreChanges: ["location", "properties", "tags", "kind", "sku"] }
          : {}),
        // A write to an existing connection keeps its old parameters, the mirrored client secret among them
        // (https://github.com/Azure/azure-rest-api-specs/issues/20544). Users sign in again after a replacement; the check says so.
        replaceOnChanges: ["properties"],
        deleteBeforeReplace: true,
        dependsOn: [...(singleSignOn ? [singleSignOn] : []), ...(secretless ? [] : proof)],
      },
    );
    new ConnectionCheck(
      name,
      {
        subscriptionId,
        resourceGroupName,
        botName: botHandle,
        // Not the resource's own name: Azure answers `<bot>/<connection>` (recorded: azure-cli test_auth_setting).
        connectionName: connection.name,
        clientId,
        serviceProviderId: wanted.serviceProviderId,
        scopes: wanted.scopes,
        // What somebody else made has the parameters that he gave it, in whatever spelling.
        parameters: adopted ? {} : wanted.parameters,
        adopted,
        settingId: pulumi.unsecret(onceMade(made, made.properties.settingId)),
      },
      { parent: this },
    );
  }
}
