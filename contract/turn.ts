/**
 * Milliseconds that a turn may take, from the activity's arrival to the answer's last byte: the Token Service, Entra, the
 * state, Microsoft Graph and the reply together. Channels wait 15 s and then count the activity as not delivered; Teams
 * sends it again: https://learn.microsoft.com/azure/bot-service/bot-builder-howto-long-operations-guidance
 */
export const turnTime = 14_000;

/** Milliseconds of {@link turnTime} that are kept for telling the user how a turn ended whose time is over. */
export const lastWordsTime = 1_500;

/**
 * Seconds between SIGTERM and the end of the bot's process: WEBSITES_CONTAINER_STOP_TIME_LIMIT, which is 5 unless set.
 * Longer than a turn, so that a turn under way when the app is restarted ends with its answer.
 */
export const stopTime = 30;
