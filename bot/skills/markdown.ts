/** Nobody sees them: they hide what a text says, or turn the direction in which it is read. Emoji keep their form. */
const unseen = /(?!\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Cs}\ufff9-\ufffb]/gu;

/** What a client makes a link of by itself: an address with its scheme, or with www. */
const address = /(?:\b[a-z][a-z\d+.-]*:[/\\]|\b(?:https?|ftps?|mailto|tel|sms|file|data|javascript):|\bwww\.)/i;

const mailAddress = /^[^@:/]+@[\p{L}\p{N}.-]+$/u;

/**
 * Text of others, such as a mail's subject, made safe for a message in Markdown: it shows as it is and cannot become a
 * link, a picture that tells its sender who looked, or a heading.
 *
 * Clients make links of bare addresses, too, Web Chat even of `evil.com`. An address with a scheme is written so that none
 * of them does (https[:]//evil[.]com, as reports of attacks write it); of a bare name Markdown hides what breaks it.
 */
export function plain(text: string): string {
  return text
    .replace(unseen, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .split(" ")
    .map(plainWord)
    .join(" ")
    .replace(/^([-+])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

function plainWord(word: string): string {
  const safe = address.test(word) ? word.replace(/[:.]/g, "[$&]") : word;
  const escaped = safe.replace(/[\\`*_[\]<>#!|~&]/g, "\\$&");
  return mailAddress.test(word) ? escaped : escaped.replace(/(?<=[\p{L}\p{N}_-])\.(?=\p{L})/gu, "\\.");
}
