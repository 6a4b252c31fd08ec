/**
 * Text of others, such as a mail's subject, made safe for a message in Markdown: it shows as it is and cannot become a
 * link, a picture that tells its sender who looked, or a heading.
 */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>#!|~&]/g, "\\$&")
    .replace(/^([-+])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}
