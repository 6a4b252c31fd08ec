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
  checkNetwork: "Check the network, and HTTPS_PROXY where one is set.",
} as const;
