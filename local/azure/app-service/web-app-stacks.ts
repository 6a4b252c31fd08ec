/** Languages with the versions that a Linux site may name, as `runtimes.ts` knows them. */
const languages = [
  { name: "node", text: "Node", stack: "NODE", versions: ["26", "24-lts", "22-lts"] },
  { name: "python", text: "Python", stack: "PYTHON", versions: ["3.14", "3.13", "3.12", "3.11", "3.10"] },
  { name: "dotnet", text: ".NET", stack: "DOTNETCORE", versions: ["10.0", "9.0", "8.0"] },
] as const;

/**
 * `GET /providers/Microsoft.Web/webAppStacks`, of which `az webapp list-runtimes` makes its list. Azure's has Java, PHP,
 * Windows and the ends of support as well. https://learn.microsoft.com/rest/api/appservice/provider/get-web-app-stacks
 */
export function webAppStacks(): Record<string, unknown> {
  return {
    value: languages.map(({ name, text, stack, versions }) => ({
      id: null,
      name,
      type: "Microsoft.Web/webAppStacks",
      properties: {
        displayText: text,
        value: name,
        preferredOs: "linux",
        majorVersions: versions.map((version) => majorVersion(text, stack, version)),
      },
    })),
    nextLink: null,
    id: null,
  };
}

function majorVersion(text: string, stack: string, version: string): Record<string, unknown> {
  const number = version.replace("-lts", "");
  const displayText = `${text} ${number}${version.endsWith("-lts") ? " LTS" : ""}`;
  const linuxRuntimeSettings = {
    runtimeVersion: `${stack}|${version}`,
    remoteDebuggingSupported: false,
    appInsightsSettings: { isSupported: true },
    gitHubActionSettings: { isSupported: true, supportedVersion: number },
    supportedFeatures: { disableSsh: true },
  };
  return {
    displayText: `${text} ${number}`,
    value: number,
    minorVersions: [{ displayText, value: version, stackSettings: { linuxRuntimeSettings } }],
  };
}
