// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxProcessTest {
    @TempDir
    private Path directory;

    @Test
    void readsProcOrNothing() throws IOException {
        Files.createDirectory(directory.resolve("fd"));
        Files.writeString(directory.resolve("limits"), "Limit  Soft Limit\nMax open files     1024          4096          files\n");
        Files.writeString(directory.resolve("status"), "Name:\tjava\nVmRSS:\t  2048 kB\n");

        Snapshot.ProcessLine read = new LinuxProcess(directory).read();
        Snapshot.ProcessLine elsewhere = new LinuxProcess(directory.resolve("none")).read();

        assertThat(read.fdLimit()).isEqualTo(1024);
        assertThat(read.rssBytes()).isEqualTo(2048 * 1024);
        assertThat(elsewhere).isEqualTo(new Snapshot.ProcessLine(0, 0, 0));
    }

    @Test
    void anUnlimitedNumberOfFilesIsUnknown() throws IOException {
        Files.writeString(directory.resolve("limits"), "Max open files            unlimited            unlimited            files\n");

        assertThat(new LinuxProcess(directory).read().fdLimit()).isZero();
    }
}
