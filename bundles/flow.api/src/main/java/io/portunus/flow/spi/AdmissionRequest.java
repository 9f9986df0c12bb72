// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Rule;
import java.net.InetAddress;

/**
 * A flow that has a route and wants to begin.
 *
 * @param flow its number
 * @param rule the rule that takes it
 * @param client where it comes from: as a PROXY header told, or else the other end of the socket
 * @param loop the loop that it lives on
 */
public record AdmissionRequest(long flow, Rule rule, InetAddress client, EventLoop loop) {
}
