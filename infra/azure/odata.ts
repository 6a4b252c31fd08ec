/**
 * A text as a filter of Microsoft Graph and of Azure Resource Manager has it, with its quotation marks: its own are doubled.
 * https://learn.microsoft.com/graph/query-parameters#escaping-single-quotes
 */
export function odataText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
