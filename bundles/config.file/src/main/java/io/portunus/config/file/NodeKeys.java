// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.util.Optional;

/** Reads what {@code [global]} sets for the node itself; what is absent or wrong reads as its default. */
final class NodeKeys {
    private static final int MAX_LABEL_BYTES = 255;
    private static final int DRAIN_SECS = 30;
    private static final int MAX_DRAIN_SECS = 3600;

    private NodeKeys() {
    }

    /** Reads them. */
    static Config.NodeSettings read(Optional<TomlSection> global) {
        Optional<String> label = global.flatMap(s -> s.text("label", 1, MAX_LABEL_BYTES));
        long drain = global.flatMap(s -> s.number("shutdown_drain_secs", 0, MAX_DRAIN_SECS, ProblemCode.INVALID_VALUE))
            .orElse((long) DRAIN_SECS);
        return new Config.NodeSettings(label, Duration.ofSeconds(drain));
    }
}
