import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";
import { applicationObjectId, credentialOf } from "./application";
import { graph, graphGet, undefinedWhenGone } from "./graph";

interface Credential {
  readonly keyId: string;
  readonly displayName?: string;
  readonly startDateTime?: string;
  readonly endDateTime?: string;
}

const listed = (app: Properties | undefined, keyId: unknown): Credential | undefined =>
  (app?.passwordCredentials as Credential[] | undefined)?.find((credential) => credential.keyId === keyId);

/** `azuread.ApplicationPassword`: Graph shows the secret once, in the answer that makes it. */
export const applicationPassword: Row = {
  token: "azuread:index/applicationPassword:ApplicationPassword",
  secretOutputs: ["value"],

  async create(session, inputs) {
    if (inputs.endDateRelative !== undefined) {
      throw new PluginError("unmapped-input", "endDateRelative is deprecated and not taken here: give endDate");
    }
    const objectId = applicationObjectId(inputs.applicationId);
    return session.exclusively(`/applications/${objectId}`, async () => {
      await graph(session, "GET", `/applications/${objectId}`);
      const { displayName, startDate: startDateTime, endDate: endDateTime } = inputs;
      const made = await graph(session, "POST", `/applications/${objectId}/addPassword`, {
        passwordCredential: { displayName, startDateTime, endDateTime },
      });
      if (!listed(await graph(session, "GET", `/applications/${objectId}`), made.keyId)) {
        throw new PluginError(
          "operation-failed",
          `the password ${String(made.keyId)} is not listed on its application`,
        );
      }
      const outputs = {
        ...inputs,
        displayName: made.displayName,
        startDate: made.startDateTime,
        endDate: made.endDateTime,
        keyId: made.keyId,
        value: made.secretText,
      };
      return { id: `${objectId}/password/${String(made.keyId)}`, outputs };
    });
  },

  async read(session, id, state) {
    const { objectId, keyId } = credentialOf(id);
    const found = listed(await graphGet(session, `/applications/${objectId}`), keyId);
    if (!found) return undefined;
    const { displayName, startDateTime: startDate, endDateTime: endDate } = found;
    return { id, outputs: { ...state.outputs, displayName, startDate, endDate, keyId } };
  },

  async delete(session, id) {
    const { objectId, keyId } = credentialOf(id);
    await session.exclusively(`/applications/${objectId}`, () =>
      graph(session, "POST", `/applications/${objectId}/removePassword`, { keyId }).catch(undefinedWhenGone),
    );
  },
};
