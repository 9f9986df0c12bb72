// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

/**
 * How long flows took since the process started.
 *
 * @param connect from the decision to the open target, of flows that got one
 * @param life from accept to the end, of all flows
 */
public record FlowTimes(TimeCounts connect, TimeCounts life) {
}
