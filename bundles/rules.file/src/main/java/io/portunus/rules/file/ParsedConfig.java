// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ListenKey;
import io.portunus.model.RuleSet;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What a file without problems says, defaults filled in. Immutable.
 *
 * @param rules its rules
 * @param admin {@code [admin]}
 * @param limits {@code [limits]}
 * @param log what it says about logs
 * @param global {@code [global]}
 */
record ParsedConfig(RuleSet rules, AdminSettings admin, LimitSettings limits, LogSettings log, GlobalSettings global) {
    /**
     * The admin surface.
     *
     * @param listen as it was written
     * @param address address to bind; the any-address stands for every address
     * @param port port; 0 lets the system pick
     */
    record AdminSettings(String listen, InetAddress address, int port) {
        /** The listener that rules must leave alone. */
        ListenKey key() {
            return new ListenKey(Optional.of(address).filter(a -> !a.isAnyLocalAddress()), port);
        }
    }

    /**
     * Ceilings.
     *
     * @param maxConnections most live connections; 0 derives it from the descriptor limit
     * @param maxPeeks most connections that wait for their hello
     */
    record LimitSettings(long maxConnections, int maxPeeks) {
    }

    /**
     * Logs.
     *
     * @param level lowest level written
     * @param format {@code json} or {@code pretty}
     * @param access whether connections leave access records
     */
    record LogSettings(String level, String format, boolean access) {
    }

    /**
     * The node.
     *
     * @param label its name, if it was given one
     * @param shutdownDrain how long live connections get at shut-down
     */
    record GlobalSettings(Optional<String> label, Duration shutdownDrain) {
    }
}
