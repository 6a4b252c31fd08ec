/**
 * A stand-in behind Pulumi's provider protocol. The SDK has such a server too, but its one knows no preview and gives the
 * engine no single changed keys, so that a preview would call half the stack replaced where the real plugins do not.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/proto/pulumi/provider.proto
 */
import * as grpc from "@grpc/grpc-js";
import * as providerService from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import type { Properties } from "../../infra/provider/envelope";
import { PartlyMade, PluginError } from "../plugins/error";
import type { Plugin } from "../plugins/plugin";

type Methods = Record<string, (request: never) => unknown>;

/** Serves a plugin on a free port of loopback. Gives the port. */
export async function serve(plugin: Plugin): Promise<number> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const { ResourceProviderService } = providerService as unknown as { ResourceProviderService: grpc.ServiceDefinition };
  const methods: Methods = methodsOf(plugin);
  const handlers = Object.keys(ResourceProviderService).map((name) => [name, handler(name, methods[name])]);
  server.addService(ResourceProviderService, Object.fromEntries(handlers) as grpc.UntypedServiceImplementation);
  return new Promise((bound, failed) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? failed(error) : bound(port),
    );
  });
}

function handler(name: string, method: Methods[string] | undefined): grpc.handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    if (!method) return callback({ code: grpc.status.UNIMPLEMENTED, details: `${name} is not part of this plugin` });
    return void Promise.resolve()
      .then(() => method(call.request as never))
      .then((answer) => callback(null, answer))
      .catch((error: unknown) => callback({ code: grpc.status.UNKNOWN, ...refusalOf(error) }));
  };
}

/** A refusal in its own words, with what was made all the same; a fault of the stand-in itself with where it happened. */
function refusalOf(error: unknown): Partial<grpc.ServiceError> {
  if (error instanceof PartlyMade) return { details: error.message, metadata: initFailed(error) };
  if (error instanceof PluginError || error instanceof AzureCallError) return { details: error.message };
  return { details: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Tells the engine that the resource exists: it keeps the id in the state. */
function initFailed({ message, id, properties }: PartlyMade): grpc.Metadata {
  const failed = new messages.ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(struct({ ...properties }));
  failed.setReasonsList([message]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}

function methodsOf(started: Plugin): Methods {
  let plugin = started;
  return {
    // The engine does so before anything else, in a process of the package's own.
    parameterize(request: messages.ParameterizeRequest) {
      const value = request.getValue();
      if (!value) throw new PluginError("unknown-package", "only the parameter of a generated package is taken here");
      plugin = started.parameterized(value.getValue_asU8());
      const answer = new messages.ParameterizeResponse();
      answer.setName(plugin.name);
      answer.setVersion(plugin.version);
      return answer;
    },
    getPluginInfo() {
      const answer = new PluginInfo();
      answer.setVersion(plugin.version);
      return answer;
    },
    getSchema() {
      const answer = new messages.GetSchemaResponse();
      answer.setSchema(plugin.schema);
      return answer;
    },
    // Settings of a provider are the environment's; there is nothing to check or to compare.
    checkConfig(request: messages.CheckRequest) {
      const answer = new messages.CheckResponse();
      answer.setInputs(request.getNews());
      return answer;
    },
    diffConfig: () => new messages.DiffResponse(),
    configure() {
      const answer = new messages.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setAcceptresources(true);
      answer.setAcceptoutputs(true);
      answer.setSupportspreview(true);
      return answer;
    },
    attach: () => new Empty(),
    cancel: () => new Empty(),

    async check(request: messages.CheckRequest) {
      const { inputs = {} } = await plugin.check(
        request.getUrn(),
        fields(request.getOlds()),
        fields(request.getNews()),
      );
      const answer = new messages.CheckResponse();
      answer.setInputs(struct(inputs as Properties));
      return answer;
    },
    async diff(request: messages.DiffRequest) {
      const { changes, replaces, updates, deleteBeforeReplace } = await plugin.differences(
        request.getUrn(),
        fields(request.getOlds()),
        fields(request.getNews()),
      );
      const answer = new messages.DiffResponse();
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      answer.setChanges(changes ? DIFF_SOME : DIFF_NONE);
      answer.setReplacesList(replaces.map(topOf));
      answer.setDiffsList([...new Set([...replaces, ...updates].map(topOf))]);
      answer.setHasdetaileddiff(true);
      answer.setDeletebeforereplace(deleteBeforeReplace);
      for (const path of updates) answer.getDetaileddiffMap().set(path, propertyDiff("UPDATE"));
      for (const path of replaces) answer.getDetaileddiffMap().set(path, propertyDiff("UPDATE_REPLACE"));
      return answer;
    },
    async create(request: messages.CreateRequest) {
      const inputs = fields(request.getProperties());
      const { id = "", outs } = request.getPreview()
        ? { outs: plugin.previewCreate(inputs) }
        : await plugin.create(request.getUrn(), inputs);
      const answer = new messages.CreateResponse();
      answer.setId(id);
      answer.setProperties(struct(outs as Properties));
      return answer;
    },
    async read(request: messages.ReadRequest) {
      const { id, props, inputs } = await plugin.read(
        request.getId(),
        request.getUrn(),
        fields(request.getProperties()),
      );
      const answer = new messages.ReadResponse();
      answer.setId(id ?? "");
      answer.setProperties(struct((props ?? {}) as Properties));
      if (inputs) answer.setInputs(struct(inputs as Properties));
      return answer;
    },
    async update(request: messages.UpdateRequest) {
      const [olds, news] = [fields(request.getOlds()), fields(request.getNews())];
      const { outs } = request.getPreview()
        ? { outs: plugin.previewUpdate(olds, news) }
        : await plugin.update(request.getId(), request.getUrn(), olds, news);
      const answer = new messages.UpdateResponse();
      answer.setProperties(struct(outs as Properties));
      return answer;
    },
    async delete(request: messages.DeleteRequest) {
      await plugin.delete(request.getId(), request.getUrn(), fields(request.getProperties()));
      return new Empty();
    },
    async invoke(request: messages.InvokeRequest) {
      const { outputs } = await plugin.invoke(request.getTok(), fields(request.getArgs()));
      const answer = new messages.InvokeResponse();
      answer.setReturn(struct(outputs as Properties));
      return answer;
    },
  } satisfies Methods;
}

/** `properties.msaAppId` -> `properties` */
function topOf(path: string): string {
  return path.split(/[.[]/)[0] as string;
}

function propertyDiff(kind: "UPDATE" | "UPDATE_REPLACE"): messages.PropertyDiff {
  const diff = new messages.PropertyDiff();
  diff.setKind(messages.PropertyDiff.Kind[kind]);
  // The change is one of inputs: what `pulumi preview --diff` then shows are inputs, before and after.
  diff.setInputdiff(true);
  return diff;
}

function fields(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}
