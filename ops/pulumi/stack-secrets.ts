import { day } from "../../contract/time";
import { plainType } from "../../infra/facts/azure-native";
import { placeOf } from "../../infra/deployment/rotation";
import { isNearEnd, wholeSeconds } from "../../infra/deployment/secret-life";
import { isObject, type State, type StateResource } from "./state";

/** One secret of a stack, as its state knows it: never its value. */
export interface StackSecret {
  /** The component whose it is. */
  readonly component: string;
  /** `bot-app-password` */
  readonly name: string;
  /** Rotation in which it was made; undefined for one that the deployer gave. */
  readonly rotation?: number;
  readonly state: SecretState;
  /** ISO date and time in UTC. */
  readonly ends: string;
  /** When Entra last took it three times in a row, ISO; undefined where nothing like that can be proved. */
  readonly lastProof?: string;
  /** Whether it is used and in the last month of its life, or the last quarter of a shorter one. */
  readonly nearEnd: boolean;
}

/** `spare` has never been used, `new` is going to be, `kept` was used before the last rotation and ends with the next one. */
export type SecretState = "in use" | "spare" | "new" | "kept";

/** How far the rotation of one component is. */
export interface ComponentRotation {
  readonly component: string;
  readonly number: number;
  /** Rotation whose password the connections hold. */
  readonly connections: number;
  /** Rotation that the running bot was last seen to use; undefined where it has no page that says so. */
  readonly running: number | undefined;
  /** Address of the bot's health page; undefined where it has none. */
  readonly healthUrl: string | undefined;
  /** Ids of the OAuth connections that hold a password of the sign-in application. */
  readonly withPassword: readonly string[];
}

const own = "bot-sign-in:index:";
const suffix = "-secrets-renewed";

/** The rotations of a state, one for each component. The state's secrets may be encrypted. */
export function rotationsIn(state: State): ComponentRotation[] {
  return datesIn(state).map(({ component, date }) => {
    const { rotation: number, connections } = numbersOf(date);
    const health = find(state, `${own}BotHealth`, `${component}-health`);
    const signIn = find(state, passwordType, `${component}-sign-in`);
    const withPassword = (state.deployment.resources ?? []).filter(
      (one) =>
        one.type === "azure-native:botservice:BotConnection" &&
        nameOf(one).startsWith(`${component}-connections-`) &&
        signIn !== undefined &&
        (one["dependencies"] as readonly string[] | undefined)?.includes(signIn.urn),
    );
    return {
      component,
      number,
      connections,
      running: health && Number(health.inputs?.rotation ?? 0),
      healthUrl: health && String(health.inputs?.healthUrl),
      withPassword: withPassword.flatMap(({ id }) => (id ? [id] : [])),
    };
  });
}

const passwordType = "azuread:index/applicationPassword:ApplicationPassword";
const certificateType = "azuread:index/applicationCertificate:ApplicationCertificate";

/** Every secret of a state. The state's secrets may be encrypted. */
export function secretsIn(state: State, now: Date): StackSecret[] {
  return datesIn(state).flatMap(({ component, date }) => {
    const { rotation, connections, began } = numbersOf(date);
    const ofPlaces = (name: string, type: string, resource: string, used: number): StackSecret[] =>
      ["", "-2"].flatMap((tail, place) => {
        const found = find(state, type, `${component}-${resource}${tail}`);
        if (!found) return [];
        const made = rotation - (placeOf(rotation) === place ? 0 : 1);
        const ends = endOf(found);
        const proof = made === rotation ? proofOf(state, component, type, resource) : undefined;
        const what = stateOf(made, rotation, used);
        const nearEnd = what === "in use" && isNearEnd(ends, daysBetween(began[place]!, ends), now);
        return [
          {
            component,
            name,
            rotation: Math.max(made, 0),
            state: what,
            ends,
            nearEnd,
            ...(proof ? { lastProof: proof } : {}),
          },
        ];
      });
    const vaultSecrets = (state.deployment.resources ?? []).filter(
      (one) =>
        plainType(one.type) === "azure-native:keyvault:Secret" &&
        /-vault-(direct-line-secret|app-setting-.*)$/.test(nameOf(one)) &&
        nameOf(one).startsWith(`${component}-vault-`),
    );
    const newest = began[placeOf(rotation)]!;
    return [
      ...ofPlaces("bot-app-password", passwordType, "bot", rotation),
      ...ofPlaces("bot-certificate", certificateType, "bot-certificate", rotation),
      ...ofPlaces("sign-in-app-password", passwordType, "sign-in", connections),
      ...ofPlaces("chat-session-key", "azure-native:keyvault:Secret", "vault-chat-session-key", rotation),
      ...vaultSecrets.map((one): StackSecret => {
        const name = nameOf(one).slice(`${component}-vault-`.length);
        const ends = endOf(one);
        return {
          component,
          name,
          ...(name === "direct-line-secret" ? { rotation } : {}),
          state: "in use",
          ends,
          nearEnd: isNearEnd(ends, daysBetween(newest, ends), now),
        };
      }),
    ];
  });
}

/** What a secret of one place is for. */
function stateOf(made: number, rotation: number, used: number): SecretState {
  if (made === used) return "in use";
  if (made === rotation) return "new";
  return made < 0 ? "spare" : "kept";
}

function datesIn(state: State): { component: string; date: StateResource }[] {
  return (state.deployment.resources ?? [])
    .filter((one) => one.type === `${own}RotationDate` && nameOf(one).endsWith(suffix))
    .map((date) => ({ component: nameOf(date).slice(0, -suffix.length), date }));
}

/** A state of a version that knew no rotations has one moment alone. */
function numbersOf({ outputs = {} }: StateResource): {
  rotation: number;
  connections: number;
  began: readonly [string, string];
} {
  const startedAt = String(outputs.startedAt);
  return {
    rotation: Number(outputs.rotation ?? 0),
    connections: Number(outputs.connections ?? 0),
    began: [startedAt, String(outputs.otherStartedAt ?? startedAt)],
  };
}

function find(state: State, type: string, name: string): StateResource | undefined {
  // What waits to be deleted after a replacement has the same name.
  return (state.deployment.resources ?? []).find(
    (one) => plainType(one.type) === type && nameOf(one) === name && one["delete"] !== true,
  );
}

/** A password the program proves, a certificate the running bot alone. */
function proofOf(state: State, component: string, type: string, resource: string): string | undefined {
  const proof =
    type === passwordType
      ? find(state, `${own}PasswordProof`, `${component}-${resource}`)?.outputs?.provenAt
      : type === certificateType
        ? find(state, `${own}BotHealth`, `${component}-health`)?.outputs?.certificateProvenAt
        : undefined;
  return typeof proof === "string" && proof !== "" ? proof : undefined;
}

function endOf({ inputs = {} }: StateResource): string {
  if (typeof inputs.endDate === "string") return inputs.endDate;
  const { properties } = inputs;
  const attributes = isObject(properties) && isObject(properties.attributes) ? properties.attributes : {};
  return wholeSeconds(Number(attributes.expires) * 1_000);
}

function daysBetween(began: string, ends: string): number {
  return Math.round((Date.parse(ends) - Date.parse(began)) / day);
}

/** The name that the program gave. */
function nameOf({ urn }: StateResource): string {
  return urn.split("::").slice(3).join("::");
}
