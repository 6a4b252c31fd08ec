import * as pulumi from "@pulumi/pulumi";
import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import { plainType } from "../../infra/facts/azure-native";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Pulumi's mark of a value with a meaning, and the meaning "secret". */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };
export type Properties = Record<string, Json>;

/** One `RegisterResource` call: all that the program said about a resource. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs with secrets laid open. */
  readonly inputs: Properties;
  /** Paths of the inputs that were passed as secrets: `properties.value`. */
  readonly secretInputs: readonly string[];
  /** Types and names of the resources that this one waits for, inputs and `dependsOn` together: `Bot bot`. */
  readonly waitsFor: readonly string[];
  /** By input: those of them that the input's value comes from. */
  readonly refersTo: Readonly<Record<string, readonly string[]>>;
  readonly parent: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** The resource whose deletion takes this one along, so that a destroy need not: `ResourceGroup group`; empty for none. */
  readonly deletedWith: string;
  readonly deleteBeforeReplace: boolean;
  readonly replaceOnChanges: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: number;
}

/** A call of a provider's function. */
export interface Invoked {
  readonly token: string;
  readonly args: Properties;
  /** The resources that were made before the call: `Bot bot`. */
  readonly after: readonly string[];
}

/** What the recording monitor answers in a provider's place. */
export interface Answers {
  /** Outputs besides the inputs, and the id (default: the name). */
  resource(type: string, name: string, inputs: Properties): { id?: string; outputs?: Properties };
  invoke(token: string, args: Properties): Properties;
}

export interface Recording {
  readonly resources: readonly Recorded[];
  readonly invokes: readonly Invoked[];
  /** The stack's outputs with secrets laid open. */
  readonly outputs: Properties;
  readonly secretOutputs: readonly string[];
  /** What the program told through `pulumi.log.info`. */
  readonly infos: readonly string[];
  /** What the program warned of through `pulumi.log.warn`. */
  readonly warnings: readonly string[];
  /**
   * The one resource of this type, in whichever of azure-native's packages, and of this name where several have the type.
   * Throws where it is not exactly one.
   */
  one(type: string, name?: string): Recorded;
  all(type: string): Recorded[];
}

export interface Run {
  readonly project: string;
  /** The component whose resources are looked at: their names are told without its own in front. */
  readonly component?: string;
  readonly stack: string;
  /** `<namespace>:<name>` to text. */
  readonly config: Readonly<Record<string, string>>;
  readonly encrypted?: readonly string[];
  /** Before the first deployment, when no resource exists. */
  readonly preview?: boolean;
}

const features = resproto.ResourceMonitorFeature;

/**
 * Runs a Pulumi program in this process against a monitor that creates nothing and records everything: unlike the
 * SDK's own mocks it sees resource options and honours `additionalSecretOutputs`.
 */
export async function record(run: Run, answers: Answers, program: () => unknown): Promise<Recording> {
  const resources: Recorded[] = [];
  const invokes: Invoked[] = [];
  const made: string[] = [];
  const stackOutputs: { outputs: Properties; secretOutputs: string[] } = { outputs: {}, secretOutputs: [] };

  const monitor = {
    getDeploymentInfo(_request: unknown, answer: Callback<resproto.DeploymentInfo>): void {
      const info = new resproto.DeploymentInfo();
      info.setSupportedfeaturesList([
        features.RESOURCE_MONITOR_FEATURE_SECRETS,
        features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
        features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
        features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
        features.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
        features.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
      ]);
      answer(null, info);
    },
    registerErrorHook(_request: unknown, answer: Callback<empty.Empty>): void {
      answer(null, new empty.Empty());
    },
    registerResource(
      request: resproto.RegisterResourceRequest,
      answer: Callback<resproto.RegisterResourceResponse>,
    ): void {
      const recorded = read(run, request);
      resources.push(recorded);
      // In a preview nothing exists yet: no id, no outputs. The SDK takes what is absent for not yet known.
      const { id = recorded.name, outputs = {} } =
        request.getCustom() && !run.preview
          ? answers.resource(recorded.type, recorded.name, recorded.inputs)
          : { id: "" };
      const all: Record<string, unknown> = { ...(request.getObject()?.toJavaScript() ?? {}), ...outputs };
      for (const name of request.getAdditionalsecretoutputsList()) {
        if (name in all) all[name] = { [signature]: secretSignature, value: all[name] };
      }
      const response = new resproto.RegisterResourceResponse();
      response.setUrn(recorded.urn);
      response.setId(id);
      response.setObject(Struct.fromJavaScript(withoutUndefined(all) as never));
      // Later, as a real provider answers: order then follows from dependencies, not from luck.
      setImmediate(() => {
        made.push(short(run, recorded.urn));
        answer(null, response);
      });
    },
    registerResourceOutputs(request: resproto.RegisterResourceOutputsRequest, answer: Callback<empty.Empty>): void {
      if (request.getUrn().includes("::pulumi:pulumi:Stack::")) {
        const { plain, secrets } = open((request.getOutputs()?.toJavaScript() ?? {}) as Properties);
        Object.assign(stackOutputs, { outputs: plain, secretOutputs: secrets });
      }
      answer(null, new empty.Empty());
    },
    invoke(request: resproto.ResourceInvokeRequest, answer: Callback<resproto.ResourceInvokeResponse>): void {
      const args = open((request.getArgs()?.toJavaScript() ?? {}) as Properties).plain as Properties;
      invokes.push({ token: request.getTok(), args, after: [...made] });
      const response = new resproto.ResourceInvokeResponse();
      response.setReturn(Struct.fromJavaScript(answers.invoke(request.getTok(), args) as never));
      setImmediate(() => answer(null, response));
    },
    registerPackage(_request: unknown, answer: Callback<resproto.RegisterPackageResponse>): void {
      const response = new resproto.RegisterPackageResponse();
      response.setRef("recorded");
      answer(null, response);
    },
  };

  pulumi.runtime.setAllConfig({ ...run.config }, [...(run.encrypted ?? [])]);
  settings.setMockOptions(monitor, run.project, run.stack, run.preview ?? false, "organization");
  const { awaitFeatureSupport, waitForRPCs } = settings as unknown as Record<string, () => Promise<void>>;
  const warnings: string[] = [];
  const infos: string[] = [];
  const { log, warn } = console;
  const { stackTraceLimit } = Error;
  // The SDK takes a stack trace for each resource and output; under jest, mapping them costs half of a run.
  Error.stackTraceLimit = 0;
  // Without an engine the SDK writes its log to the console.
  const told = /^(info|warning): (\[runtime\] )?/;
  console.log = (line: string) => void infos.push(line.replace(told, ""));
  console.warn = (line: string) => void warnings.push(line.replace(told, ""));
  try {
    await awaitFeatureSupport!();
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
    await waitForRPCs!();
  } finally {
    Object.assign(console, { log, warn });
    Error.stackTraceLimit = stackTraceLimit;
  }

  const all = (type: string): Recorded[] => resources.filter((resource) => plainType(resource.type) === type);
  return {
    resources,
    invokes,
    ...stackOutputs,
    infos,
    warnings,
    all,
    one(type, name) {
      const found = all(type).filter((resource) => name === undefined || resource.name === name);
      if (found.length === 1) return found[0]!;
      const seen = resources.map((resource) => `${resource.type} ${resource.name}`).join("\n");
      throw new Error(`${found.length} resources ${type} ${name ?? ""} instead of one, among:\n${seen}`);
    },
  };
}

type Callback<T> = (error: Error | null, response: T) => void;

function read(run: Run, request: resproto.RegisterResourceRequest): Recorded {
  const shortOf = (urn: string): string => short(run, urn);
  const { plain, secrets } = open((request.getObject()?.toJavaScript() ?? {}) as Properties);
  const parentType = request.getParent().split("::")[2];
  const qualified =
    parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$${request.getType()}` : request.getType();
  return {
    type: request.getType(),
    name: told(run, request.getName()),
    urn: `urn:pulumi:${run.stack}::${run.project}::${qualified}::${request.getName()}`,
    inputs: plain as Properties,
    secretInputs: secrets,
    waitsFor: request.getDependenciesList().map(shortOf),
    refersTo: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([input, from]) => [
        input,
        from.getUrnsList().map(shortOf),
      ]),
    ),
    parent: request.getParent() ? shortOf(request.getParent()) : "",
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith() ? shortOf(request.getDeletedwith()) : "",
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().length,
  };
}

/** `urn:...::bot-sign-in:infra:Vault$azure-native:keyvault:Secret::x` as `Secret x`. */
function short(run: Run, urn: string): string {
  const [, , type, name = ""] = urn.split("::");
  return `${type?.split(":").at(-1)} ${told(run, name)}`;
}

function told({ component }: Run, name: string): string {
  return component && name.startsWith(`${component}-`) ? name.slice(component.length + 1) : name;
}

/** Takes the secrets' envelopes off, and says where they were. */
export function open(value: Json, path = ""): { plain: Json; secrets: string[] } {
  if (typeof value !== "object" || value === null) return { plain: value, secrets: [] };
  if (Array.isArray(value)) {
    const entries = value.map((entry, at) => open(entry, `${path}[${at}]`));
    return { plain: entries.map((entry) => entry.plain), secrets: entries.flatMap((entry) => entry.secrets) };
  }
  if (value[signature] === secretSignature) return { plain: open(value["value"], path).plain, secrets: [path] };
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, open(inner, path ? `${path}.${key}` : key)] as const,
  );
  return {
    plain: Object.fromEntries(entries.map(([key, { plain }]) => [key, plain])),
    secrets: entries.flatMap(([, { secrets }]) => secrets),
  };
}

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
