import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { writeWhole } from "../../infra/code/whole-file";
import { javaTrustStore } from "./java-trust-store";

/** The file with this Azure's certificate and the public ones, beside the one with its own alone. */
export const bundleName = "ca-bundle.pem";
/** The same certificates as Java reads them. */
export const trustStoreName = "java-trust.p12";
/** Where azure-cli keeps who is signed in here, apart from a person's own sign-ins. */
export const azFolder = "azure-cli";

/**
 * What clients other than Node's read to trust this Azure: Go, OpenSSL and .NET; Python's requests; curl. Each of these
 * takes the place of what a client trusts otherwise, so that the file holds the public certificates as well.
 * @param folder where the file is written
 * @param own this Azure's certificate, PEM
 */
export async function trustForEveryone(folder: string, own: string): Promise<Record<string, string>> {
  const bundle = join(folder, bundleName);
  await writeWhole(bundle, [own.trim(), ...rootCertificates, ""].join("\n"), 0o600);
  return { SSL_CERT_FILE: bundle, REQUESTS_CA_BUNDLE: bundle, CURL_CA_BUNDLE: bundle };
}

/**
 * What Java reads to reach this Azure: it knows neither PEM nor the proxy that other tools are told. Each JVM that takes
 * `JAVA_TOOL_OPTIONS` says so in a line of its own.
 * @param folder where the store of trusted certificates is written
 * @param own this Azure's certificate, PEM
 */
export async function forJava(
  { HTTPS_PROXY, NO_PROXY }: Readonly<Record<string, string>>,
  folder: string,
  own: string,
): Promise<Record<string, string>> {
  const store = join(folder, trustStoreName);
  await writeWhole(store, javaTrustStore([own, ...rootCertificates]), 0o600);
  const { hostname, port } = new URL(HTTPS_PROXY!);
  const properties = {
    "javax.net.ssl.trustStore": store,
    "javax.net.ssl.trustStoreType": "PKCS12",
    "https.proxyHost": hostname,
    "https.proxyPort": port,
    "http.proxyHost": hostname,
    "http.proxyPort": port,
    "http.nonProxyHosts": NO_PROXY!.replaceAll(",", "|"),
  };
  const options = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  // A word of it may stand in quotes, where a folder's name has a blank.
  const words = options.map((option) => (/\s/.test(option) ? `"${option}"` : option));
  return { JAVA_TOOL_OPTIONS: words.join(" ") };
}

/**
 * What tools that a person types need besides: small letters where a tool reads no others, the same proxy for the plain
 * http of web apps, and an azure-cli that keeps to itself. Not for a whole program: gRPC would take its own calls
 * for ones to be sent through the proxy, but for `no_proxy`.
 */
export function forTools(
  { HTTPS_PROXY, NO_PROXY }: Readonly<Record<string, string>>,
  folder: string,
): Record<string, string> {
  return {
    https_proxy: HTTPS_PROXY!,
    http_proxy: HTTPS_PROXY!,
    no_proxy: NO_PROXY!,
    AZURE_CONFIG_DIR: join(folder, azFolder),
    // Telemetry and the question for a newer version go to hosts that are not served.
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZURE_CORE_SURVEY_MESSAGE: "false",
    AZURE_AUTO_UPGRADE_ENABLE: "false",
    AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
  };
}
