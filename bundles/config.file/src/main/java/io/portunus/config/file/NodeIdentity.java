// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Who this node is, whatever its file sets. Immutable.
 *
 * @param hostName its name when it was given no label
 * @param version version of the distribution
 * @param startedAt when the process started
 */
record NodeIdentity(String hostName, String version, Instant startedAt) {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** The identity of this process. */
    static NodeIdentity of(Optional<String> version) {
        Instant started = ProcessHandle.current().info().startInstant()
            .orElseGet(() -> Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
        return new NodeIdentity(kernelHostName(), version.orElse("unknown"), started);
    }

    /** Asks the kernel, then the environment: {@code InetAddress.getLocalHost} could wait for a name server. */
    private static String kernelHostName() {
        String name = "";
        try {
            name = Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException noProcFileSystem) {
            name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("").strip();
        }
        return name.isEmpty() ? "localhost" : name;
    }
}
