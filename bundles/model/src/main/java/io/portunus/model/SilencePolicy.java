// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;

/**
 * When a target of datagrams counts as failed because it answers too few of its sessions. It is of no use for a protocol without answers.
 *
 * @param percent how many of a hundred sessions have to stay without an answer, 1 to 100
 * @param sessions how many there have to be within the window of {@link HealthPolicy} before any share counts, 1 to {@value #MAX_SESSIONS}
 * @param after how long the first answer to a session may take, 100 ms to 4 s, so that it is settled before the session can be over by idling
 */
public record SilencePolicy(int percent, int sessions, Duration after) {
    /** Most sessions that may be asked for before a share counts. */
    public static final int MAX_SESSIONS = 10_000;
    /** Sessions where nothing else is set. */
    public static final int DEFAULT_SESSIONS = 10;
    /** Time for an answer where nothing else is set. */
    public static final Duration DEFAULT_AFTER = Duration.ofSeconds(2);
}
