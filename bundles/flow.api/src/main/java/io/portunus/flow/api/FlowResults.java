// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

/**
 * What the flows of a provider came to, for whoever compares two versions. A flow counts for everybody who has a part in it, once it has
 * delivered bytes both ways or else has ended without. One that ended without proves nothing, and is excused, if the client left before it had
 * sent anything, a policy refused it, or the engine ended it, as an operator, a drain or a ceiling has it do.
 *
 * @param delivered flows that delivered bytes both ways; they may be open
 * @param oneWay flows that ended and had delivered bytes one way only
 * @param nothing flows that ended and had delivered nothing
 * @param excused flows that ended, had not delivered bytes both ways, and prove nothing
 * @param refused flows that it refused, for a policy
 * @param slowTurns flows during which it kept its loop for longer than a look of {@link FlowVersions#watchLoops} takes; counted while
 *     somebody has that done
 * @param firstByte from accept to the first byte of the target
 */
public record FlowResults(long delivered, long oneWay, long nothing, long excused, long refused, long slowTurns, TimeCounts firstByte) {
}
