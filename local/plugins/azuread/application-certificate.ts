import { randomUUID } from "node:crypto";
import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";
import { applicationObjectId, credentialOf } from "./application";
import { graph, graphGet, undefinedWhenGone } from "./graph";

interface Credential {
  readonly keyId: string;
  readonly type?: string;
  readonly startDateTime?: string;
  readonly endDateTime?: string;
}

const credentialsOf = (app: Properties | undefined): Credential[] =>
  (app?.keyCredentials as Credential[] | undefined) ?? [];

/** azuread hands a certificate on as PEM, whatever it was given as. */
function keyOf({ encoding, value }: Properties): string {
  if (encoding !== "base64") throw new PluginError("unmapped-input", "encoding other than base64 is not taken here");
  const lines = String(value).match(/.{1,64}/g) ?? [];
  return Buffer.from(["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n")).toString(
    "base64",
  );
}

/**
 * `azuread.ApplicationCertificate`: all certificates of an application are written at once, those that are there by what a read
 * shows of them. Source: hashicorp/terraform-provider-azuread, internal/services/applications/application_certificate_resource.go
 */
export const applicationCertificate: Row = {
  token: "azuread:index/applicationCertificate:ApplicationCertificate",
  secretOutputs: ["value"],

  async create(session, inputs) {
    const objectId = applicationObjectId(inputs.applicationId);
    return session.exclusively(`/applications/${objectId}`, async () => {
      const path = `/applications/${objectId}`;
      const { type, startDate: startDateTime, endDate: endDateTime } = inputs;
      const keyId = (inputs.keyId as string | undefined) ?? randomUUID();
      const made = { keyId, type, usage: "Verify", key: keyOf(inputs), startDateTime, endDateTime };
      await graph(session, "PATCH", path, {
        keyCredentials: [...credentialsOf(await graph(session, "GET", path)), made],
      });
      const found = credentialsOf(await graph(session, "GET", path)).find((one) => one.keyId === keyId);
      if (!found)
        throw new PluginError("operation-failed", `the certificate ${keyId} is not listed on its application`);
      const dates = { startDate: found.startDateTime, endDate: found.endDateTime };
      return { id: `${objectId}/certificate/${keyId}`, outputs: { ...inputs, ...dates, keyId } };
    });
  },

  async read(session, id, state) {
    const { objectId, keyId } = credentialOf(id);
    const found = credentialsOf(await graphGet(session, `/applications/${objectId}`)).find(
      (one) => one.keyId === keyId,
    );
    if (!found) return undefined;
    const { type, startDateTime: startDate, endDateTime: endDate } = found;
    return { id, outputs: { ...state.outputs, type, startDate, endDate, keyId } };
  },

  async delete(session, id) {
    const { objectId, keyId } = credentialOf(id);
    const path = `/applications/${objectId}`;
    await session.exclusively(path, async () => {
      const app = await graphGet(session, path);
      if (!app) return;
      const kept = credentialsOf(app).filter((one) => one.keyId !== keyId);
      await graph(session, "PATCH", path, { keyCredentials: kept }).catch(undefinedWhenGone);
    });
  },
};
