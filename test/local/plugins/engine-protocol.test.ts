import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials, makeGenericClientConstructor, type ServiceDefinition } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as grpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { plainProperties, secret, type Properties } from "../../../infra/provider/envelope";
import { urn } from "./recorder";

type Method = (request: unknown, callback: (error: Error | null, answer: unknown) => void) => void;

const type = urn("random:index/randomPassword:RandomPassword");
let plugin: ChildProcess;
let call: <T>(method: string, request: unknown) => Promise<T>;

beforeAll(async () => {
  const fixture = join(__dirname, "../../fixtures/random-plugin.ts");
  plugin = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", fixture], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(plugin.stdout!, "data")) as [Buffer];
  const service = (grpc as unknown as { ResourceProviderService: ServiceDefinition }).ResourceProviderService;
  const Client = makeGenericClientConstructor(service, "ResourceProvider");
  const client = new Client(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
  call = (method, request) =>
    new Promise((resolve, reject) => {
      (client[method] as Method).call(client, request, (error, answer) =>
        error ? reject(error) : resolve(answer as never),
      );
    });
});

afterAll(() => plugin.kill());

test("the same plugin answers Pulumi's own engine: check, create, and no change on a second look", async () => {
  const inputs = { length: 12, keepers: secret({ at: "1" }) };

  const check = new proto.CheckRequest();
  check.setUrn(type);
  check.setOlds(new Struct());
  check.setNews(Struct.fromJavaScript(inputs));
  const checked = (await call<proto.CheckResponse>("check", check)).getInputs()!.toJavaScript() as Properties;
  expect(checked).toMatchObject({ ...inputs, special: true, minUpper: 0 });

  const create = new proto.CreateRequest();
  create.setUrn(type);
  create.setProperties(Struct.fromJavaScript(checked as never));
  const created = await call<proto.CreateResponse>("create", create);
  const outputs = created.getProperties()!.toJavaScript() as Properties;
  expect(created.getId()).toBe("none");
  expect(outputs.result).toEqual(secret(expect.stringMatching(/^.{12}$/)));
  expect(plainProperties(outputs).keepers).toEqual({ at: "1" });

  const diff = new proto.DiffRequest();
  diff.setId("none");
  diff.setUrn(type);
  diff.setOlds(Struct.fromJavaScript(outputs as never));
  diff.setNews(Struct.fromJavaScript(checked as never));
  const same = await call<proto.DiffResponse>("diff", diff);
  expect(same.getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_NONE);

  diff.setNews(Struct.fromJavaScript({ ...checked, length: 13 } as never));
  const longer = await call<proto.DiffResponse>("diff", diff);
  expect(longer.getReplacesList()).toEqual(["length"]);
});
