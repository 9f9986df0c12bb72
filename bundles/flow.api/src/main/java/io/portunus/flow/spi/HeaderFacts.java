// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Target;
import java.util.Optional;

/**
 * What is known of a flow when its target has answered.
 *
 * @param flow number of the flow
 * @param addresses for whom, and to what address, the connection was made
 * @param declared what a PROXY header declared of the connection, if the client's side brought one
 * @param prelude what was seen of the client's prelude
 * @param target the target at its place in the rule
 * @param protocol of the flow; a header for UDP stands in front of each datagram
 */
public record HeaderFacts(long flow, Addresses addresses, Optional<DeclaredOrigin> declared, Prelude prelude, Target target, Protocol protocol) {
}
