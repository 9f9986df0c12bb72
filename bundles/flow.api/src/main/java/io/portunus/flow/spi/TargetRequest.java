// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.net.InetAddress;

/**
 * A flow that needs a target.
 *
 * @param route where it was routed
 * @param prelude what was seen of its prelude
 * @param client where it comes from
 * @param loop the loop that it lives on
 */
public record TargetRequest(Route route, Prelude prelude, InetAddress client, EventLoop loop) {
}
