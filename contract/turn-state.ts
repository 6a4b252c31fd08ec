/**
 * The container in which the bot keeps what it knows between two turns, and how long what it keeps there lasts: the
 * program has the storage delete it, the bot counts on that.
 */
export const turnState = {
  container: "turn-state",
  /**
   * Folders of what users said and of what the bot remembers of their turns. A blob in one of them is deleted when it
   * was not written for {@link turnState.days}: what has to last longer does not go here, and a new folder of the bot
   * that holds anything of users stands here.
   */
  folders: { signIn: "sign-in/", codes: "codes/" },
  /**
   * Days; Azure counts no smaller unit, and looks once a day. A request waits 30 minutes for its sign-in, and a
   * code counts for a day, so that none is deleted while it matters.
   * https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview
   */
  days: 1,
  /**
   * The folder of the chat page's sessions that were signed out, and days after which no cookie of such a session can be
   * good any more. An Entra sign-in that nobody uses ends after the same 90 days.
   */
  sessions: { folder: "chat-session/", days: 90 },
} as const;
