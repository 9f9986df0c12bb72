// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Rules on the loopback address. */
final class Rules {
    private Rules() {
    }

    /** Every connection of the port goes to the other. */
    static Rule plain(int port, int target) {
        return rule(port, Optional.empty(), target);
    }

    /** TLS connections that ask for the name go to the other port. */
    static Rule named(int port, String name, int target) {
        return rule(port, Optional.of(HostPattern.parse(name)), target);
    }

    private static Rule rule(int port, Optional<HostPattern> name, int target) {
        return Rule.of(port, "port-" + port, List.of(PortRange.of(port)), Match.ofSni(name), TargetAddress.parse("127.0.0.1:" + target))
            .withBind(Optional.of(InetAddress.getLoopbackAddress()));
    }
}
