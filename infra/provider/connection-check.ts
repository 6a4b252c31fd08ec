import { type Access, deployerAccess, until } from "../azure/access";
import { armClient, shortId } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { type BotAddress, botId, botServiceVersion } from "../azure/bot-service";
import { type CheckFailure, difference, known, type Lifecycle, notImported } from "./lifecycle";
import { botAddressInputs, flag, type ResourceSchema, text, textMap, texts } from "./schema";

export interface Inputs extends BotAddress {
  readonly connectionName: string;
  readonly clientId: string;
  readonly serviceProviderId: string;
  /** Space separated, case-sensitive. */
  readonly scopes: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly settingId: string;
  readonly adopted: boolean;
}

export interface Outputs extends Inputs {
  /** Fields whose live value differs, as far as the last look showed. */
  readonly differences: readonly string[];
}

export const connectionCheckSchema: ResourceSchema<Inputs, Outputs> = {
  description: "Reads an OAuth connection back after it was made, and fails where it is not as written.",
  inputs: {
    ...botAddressInputs,
    connectionName: text("Name of the connection."),
    clientId: text("Client id with which the Token Service signs users in."),
    serviceProviderId: text("Id of the identity provider at the Token Service."),
    scopes: text("Space separated, case-sensitive."),
    parameters: textMap("Parameters of the provider, such as tenantId. Never a secret."),
    settingId: text(
      "The service's own id of the connection; one that was made anew has another, and is checked again.",
    ),
    adopted: flag("Whether it was made by hand, and is left as it is."),
  },
  outputs: { differences: texts("Fields whose live value differs, as far as the last look showed.") },
};

/** An OAuth connection as ARM's GET shows it: the client secret is null here, wherever it appears. */
export interface LiveConnection {
  readonly properties?: {
    readonly clientId?: string | null;
    readonly serviceProviderId?: string | null;
    readonly scopes?: string | null;
    readonly settingId?: string | null;
    readonly parameters?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  };
}

export interface Difference {
  readonly field: string;
  readonly live: string;
  readonly wanted: string;
}

/** A connection's GET flaps for some seconds after a delete and a new PUT. */
const settlesWithin = 20_000;

/**
 * Reads an OAuth connection back after it was made. The service validates nothing at creation and azure-native compares
 * only what it sent itself, so a wrong value would be met by the first user who signs in (known mistakes 8 and 9).
 */
export function connectionCheck(
  access: () => Access = deployerAccess,
  warn: (message: string) => void = console.warn,
): Lifecycle<Inputs, Outputs> {
  const confirm = async (inputs: Inputs): Promise<Outputs> => {
    const live = access();
    const arm = armClient(live);
    let found: readonly Difference[] | undefined;
    const good = await until(live, settlesWithin, async () => {
      const connection = await arm.find<LiveConnection>(connectionId(inputs), botServiceVersion);
      found = connection && differences(inputs, connection);
      return found?.length === 0 || undefined;
    });
    if (good) return { ...inputs, differences: [] };
    throw wrong(inputs, found);
  };
  return {
    check: async (olds, news) => changedByHand(olds, news),
    diff: async (_id, olds, news) => {
      const found = difference<Inputs>(
        olds,
        news,
        ["subscriptionId", "resourceGroupName", "botName", "connectionName"],
        ["clientId", "serviceProviderId", "scopes", "parameters", "settingId"],
      );
      return { ...found, changes: found.changes || (olds.differences ?? []).length > 0 };
    },
    create: async (inputs) => ({ id: `${connectionId(inputs)}/check`, outs: await confirm(inputs) }),
    async update(_id, olds, news) {
      const outs = await confirm(news);
      // Another id is another connection, and the Token Service keeps users' tokens by connection.
      if (olds.settingId !== news.settingId) warn(signInAgain(news.connectionName));
      return { outs };
    },
    async read(id, props) {
      if (!props) throw notImported("The check of a connection");
      const connection = await armClient(access()).find<LiveConnection>(connectionId(props), botServiceVersion);
      if (!connection) return undefined;
      return { id, props: { ...props, differences: differences(props, connection).map(({ field }) => field) } };
    },
    // A check leaves nothing in Azure.
    delete: async () => {},
  };
}

/** What nobody writes stays as it is: a preview of another value says so, and what brings it. */
function changedByHand(olds: Partial<Inputs>, news: Inputs): CheckFailure[] {
  // One that a rotation makes anew has an id that nobody knows before.
  if (!news.adopted || !olds.adopted || !known(news.settingId) || olds.settingId !== news.settingId) return [];
  return (["clientId", "serviceProviderId", "scopes"] as const).flatMap((property) => {
    const [was, wanted] = [olds[property], news[property]];
    if (was === undefined || !known(wanted) || was === wanted) return [];
    const reason =
      `The connection ${news.connectionName} was made by hand and stays as it is: ${property} is "${was}", and the settings ` +
      `say "${wanted}". Take adopted away from it in the settings, and pulumi up makes it anew with a secret of its own: ` +
      "everybody who uses it is asked to sign in again.";
    return [{ property, reason }];
  });
}

function signInAgain(connectionName: string): string {
  return (
    `The connection ${connectionName} was made anew, because Bot Service keeps an existing one's parameters: ` +
    "everybody who uses it is asked to sign in again."
  );
}

function connectionId(inputs: Inputs): string {
  return `${botId(inputs)}/connections/${inputs.connectionName}`;
}

/**
 * What of a live connection is not as wanted. Keys of parameters are compared without case, as the service does, and in any
 * order; parameters that nobody asked for are left alone, because the service mirrors its own fields into them.
 */
export function differences(wanted: Inputs, { properties = {} }: LiveConnection): Difference[] {
  const live = new Map((properties.parameters ?? []).map(({ key, value }) => [key.toLowerCase(), value ?? ""]));
  const words = (text: string): string => text.split(/\s+/).filter(Boolean).sort().join(" ");
  const rows: [field: string, live: string, wanted: string, form: (text: string) => string][] = [
    ["clientId", properties.clientId ?? "", wanted.clientId, lower],
    ["serviceProviderId", properties.serviceProviderId ?? "", wanted.serviceProviderId, lower],
    ["scopes", properties.scopes ?? "", wanted.scopes, words],
    ["settingId", properties.settingId ?? "", wanted.settingId, lower],
    ...Object.entries(wanted.parameters).map(([key, value]): (typeof rows)[number] => [
      `parameters.${key}`,
      live.get(key.toLowerCase()) ?? "",
      value,
      exact,
    ]),
  ];
  return rows
    .filter(([, seen, asked, form]) => form(seen) !== form(asked))
    .map(([field, seen, asked]) => ({ field, live: seen, wanted: asked }));
}

function lower(text: string): string {
  return text.toLowerCase();
}

function exact(text: string): string {
  return text;
}

function wrong(inputs: Inputs, found: readonly Difference[] | undefined): AzureCallError {
  const resource = shortId(connectionId(inputs));
  if (!found) {
    return new AzureCallError(
      "connection-missing",
      resource,
      "the connection was made and is not there",
      "Deploy again.",
    );
  }
  const fields = found.map(({ field, live, wanted }) => `${field} is "${live}", wanted "${wanted}"`).join("; ");
  const fix = "Somebody or something else writes this connection; stop it, run pulumi refresh and deploy again.";
  return new AzureCallError("connection-differs", resource, fields, fix);
}
