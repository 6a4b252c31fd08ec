/** Names that the program itself gives its tags. */
const ours = ["project", "stack", "component", "owner", "commit", "expires"];

/** What Azure allows: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations. */
const longestName = 128;
const longestValue = 256;
const most = 50 - ours.length;

/** What is wrong with tags of one's own, in one sentence each. */
export function wrongTags(tags: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(tags);
  const wrong = entries.flatMap(([name, value]) => {
    if (ours.includes(name.toLowerCase())) return [`${name}: the program gives this tag itself`];
    if (name.length === 0 || name.length > longestName || /[<>%&\\?/]/.test(name)) {
      return [`${JSON.stringify(name)}: a tag's name has 1 to ${longestName} characters, none of < > % & \\ ? /`];
    }
    return typeof value === "string" && value.length <= longestValue
      ? []
      : [`${name}: a tag's value is a text of at most ${longestValue} characters`];
  });
  return entries.length > most ? [...wrong, `there are ${entries.length} of at most ${most}`] : wrong;
}
