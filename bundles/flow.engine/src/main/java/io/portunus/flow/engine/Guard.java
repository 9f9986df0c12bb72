// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

/** Answers for what some part of a flow throws: it is charged to the part, and ends the flow. Confined to the flow's loop. */
interface Guard {
    /** The part threw. */
    void threw(Throwable fault);
}
