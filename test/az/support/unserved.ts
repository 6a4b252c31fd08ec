/** Commands that texts of the project name and that are not run here, each with the reason. */
export const notRun: Readonly<Record<string, string>> = {
  "az webapp log tail": "az asks the app past the proxy first, by the real internet",
  "az cloud set": "the local Azure is the public cloud alone",
};
