package bedload.announce;

/**
 * What an audience is told at once.
 *
 * @param id the same however often it is told
 * @param body JSON on one line
 */
record Notice(String id, String body) {}
