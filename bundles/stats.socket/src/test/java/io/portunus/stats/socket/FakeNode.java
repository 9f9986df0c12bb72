// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import io.portunus.node.api.NodeInfo;
import java.time.Instant;

/** A node that started a second after 1970 began. */
final class FakeNode implements NodeInfo {
    @Override
    public String label() {
        return "node";
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public Instant startedAt() {
        return Instant.ofEpochSecond(1);
    }
}
