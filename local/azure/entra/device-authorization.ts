import type { Call } from "../routes";
import { findApplication } from "./client";
import { readTokenForm } from "./client-credential";
import { deviceCodeInterval, deviceCodeLifetime, type DeviceCodes } from "./device-codes";
import type { EntraDirectory } from "./directory";
import { refusals } from "./errors";
import { authority } from "./tenants";

const page = "login.microsoft.com/device";

/**
 * `POST /{tenant}/oauth2/v2.0/devicecode`. The address is Entra's own; the sentence, which tools print, names the one that
 * a browser without a proxy can open.
 */
export async function deviceAuthorization(
  { request, params }: Call,
  directory: EntraDirectory,
  devices: DeviceCodes,
  browserOrigin: string,
): Promise<Response> {
  const where = authority(params["tenant"] as string, directory.tenant);
  const { fields, clientId } = await readTokenForm(request);
  if (!clientId) throw refusals.parameterMissing("client_id");
  const scope = fields.get("scope");
  if (!scope) throw refusals.parameterMissing("scope");
  const { appId } = findApplication(directory, where, clientId);
  const { userCode, deviceCode } = devices.begin(appId, scope);
  return Response.json({
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: `https://${page}`,
    expires_in: deviceCodeLifetime,
    interval: deviceCodeInterval,
    message:
      `To sign in, use a web browser to open the page ${browserOrigin}/${page} and enter the code ${userCode} ` +
      "to authenticate.",
  });
}
