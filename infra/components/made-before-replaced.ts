/**
 * Option of all that lives in a location. azure-native deletes whatever the program names itself before it makes the
 * replacement, and with it everything that hangs on it. A replacement here has another name (another location makes
 * other names), so that the old one can serve until the new one does.
 */
export const madeBeforeReplaced = { deleteBeforeReplace: false };
