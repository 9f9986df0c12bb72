// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

/**
 * Which policy lets one direction of a connection wait, and since when. Confined to the flow's loop. The clock is read where a wait begins and where
 * it ends; who gets what it asks for costs one look at a field.
 */
final class Waiting {
    private static final String NOBODY = "";

    private final Course course;
    private final Engine engine;
    private final boolean in;
    private String policy = NOBODY;
    private long since;

    /** Nobody waits yet. */
    Waiting(Course course, Engine engine, boolean in) {
        this.course = course;
        this.engine = engine;
        this.in = in;
    }

    /** There is nothing to grant; where two policies let it wait by turns, the time of each is its own. */
    void begins(String kind) {
        if (!policy.equals(kind)) {
            ends();
            policy = kind;
            since = engine.nanos();
        }
    }

    /** There is again, or the flow is over. */
    void ends() {
        if (!policy.isEmpty()) {
            course.heldBack(policy, in, engine.nanos() - since);
            policy = NOBODY;
        }
    }
}
