import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import * as grpc from "@grpc/grpc-js";
// Not from the SDK's index, which loads TypeScript and npm as well: every command waits for the provider's start.
import { main } from "@pulumi/pulumi/provider/server";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { createProvider } from "./provider";

/**
 * Serves the provider to Pulumi's engine until that ends it; `index.js` calls it.
 * @public
 * @param args the engine's address and its flags, as the engine starts a plugin
 */
export function serve(args: string[]): Promise<void> {
  readWithoutProperties();
  const [engine] = args.filter((arg) => !arg.startsWith("-"));
  return main(createProvider({ warn: engine ? warnThrough(engine) : undefined }), args);
}

/** What a plugin writes to its own output nobody sees; the engine shows what is logged through it. */
function warnThrough(engine: string): (urn: string, message: string) => void {
  const client = new EngineClient(engine, grpc.credentials.createInsecure());
  return (urn, message) => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.WARNING);
    request.setMessage(message);
    request.setUrn(urn);
    client.log(request, () => undefined);
  };
}

/** Pulumi's SDK (3.259 to 3.276) reads the properties of an import, which has none, and fails: it gets empty ones. */
function readWithoutProperties(): void {
  const { getProperties } = ReadRequest.prototype;
  ReadRequest.prototype.getProperties = function (this: ReadRequest) {
    return getProperties.call(this) ?? new Struct();
  };
}
