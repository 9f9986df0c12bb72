// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Says whether the process may open enough sockets. */
final class Descriptors {
    /** Each connection takes two; below this an appliance is full at two thousand of them. */
    static final long WANTED = 4096;

    private Descriptors() {
    }

    /** A sentence if the limit of this process is low. */
    static Optional<String> complaint() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return complaint(system.getMaxFileDescriptorCount());
        }
        return Optional.empty();
    }

    static Optional<String> complaint(long limit) {
        if (limit >= WANTED) {
            return Optional.empty();
        }
        return Optional.of("The process may open " + limit + " files, that is about " + limit / 2 + " connections; raise the limit with "
            + "'ulimit -n 65536' before the start, or LimitNOFILE=65536 in the systemd unit.");
    }
}
