/** Web Chat's style, out of the page's own colours. */
export function styleOptions(): object {
  const read = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return {
    accent: read("--accent"),
    primaryFont: '"Segoe UI", system-ui, sans-serif',
    backgroundColor: read("--page"),
    subtle: read("--quiet"),
    // Web Chat's own red cannot be read on a dark page.
    failedConnectivity: read("--text"),
    timestampColor: read("--quiet"),
    bubbleBackground: read("--bubble"),
    bubbleTextColor: read("--text"),
    bubbleBorderWidth: 0,
    bubbleBorderRadius: 10,
    bubbleMaxWidth: 640,
    bubbleFromUserBackground: read("--accent"),
    bubbleFromUserTextColor: read("--accent-text"),
    bubbleFromUserBorderWidth: 0,
    bubbleFromUserBorderRadius: 10,
    cardEmphasisBackgroundColor: read("--bubble"),
    paddingRegular: 12,
    sendBoxBackground: read("--page"),
    sendBoxTextColor: read("--text"),
    sendBoxPlaceholderColor: read("--quiet"),
    sendBoxButtonColor: read("--accent"),
    sendBoxBorderTop: `solid 1px ${read("--line")}`,
    suggestedActionLayout: "flow",
    suggestedActionBackgroundColor: read("--page"),
    suggestedActionBorderColor: read("--accent"),
    suggestedActionTextColor: read("--accent"),
    suggestedActionBorderRadius: 10,
    hideUploadButton: true,
    rootHeight: "100%",
    rootWidth: "100%",
  };
}
