/** What several refusals are fixed by, each sentence once. */
export const fixes = {
  waitForIt: "Another operation holds the resource; run it again when it has ended.",
  slowDown: "Azure limits the rate of calls; run it again in some minutes.",
  azureFault: "Azure had a fault of its own; run it again, and see https://status.azure.com if it stays.",
  signInAgain: "Sign in again (az login), then run it again: it goes on where it ended.",
  lookWhetherThere:
    "Check that the resource still exists; if it was deleted by hand, run pulumi refresh and deploy again.",
  register: "Register it once: az provider register --namespace {namespace} --wait",
  passes: "It passes by itself.",
  nothingWrong: "Nothing is wrong with the set-up.",
  inProject: "run this in the folder of Pulumi.yaml",
  oneTenant: "A single-tenant bot still talks to every channel: remove the setting with pulumi config rm botAppType.",
  jobToken: "In GitHub Actions give the job `permissions: id-token: write`.",
  spreads: "What it needs is new and has not spread in Entra yet: run pulumi up again in some minutes.",
  checkNetwork: "Check the network, and HTTPS_PROXY where one is set.",
} as const;
