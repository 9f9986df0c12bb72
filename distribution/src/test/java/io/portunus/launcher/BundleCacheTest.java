// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {
    @TempDir
    private Path directory;
    private Path jar;
    private Path storage;

    @BeforeEach
    void writeJar() throws Exception {
        jar = Files.writeString(directory.resolve("a.jar"), "bytes");
        storage = directory.resolve("bundles");
    }

    @Test
    void fingerprintIsTheSameForTheSameJars() {
        assertThat(BundleCache.fingerprint("f", List.of(jar))).isEqualTo(BundleCache.fingerprint("f", List.of(jar)));
    }

    @Test
    void fingerprintChangesWithFeatureSizeAndTime() throws Exception {
        String before = BundleCache.fingerprint("f", List.of(jar));

        assertThat(BundleCache.fingerprint("g", List.of(jar))).isNotEqualTo(before);
        FileTime time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "other bytes");
        Files.setLastModifiedTime(jar, time);
        assertThat(BundleCache.fingerprint("f", List.of(jar))).isNotEqualTo(before);
        Files.writeString(jar, "bytes");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
        assertThat(BundleCache.fingerprint("f", List.of(jar))).isNotEqualTo(before);
    }

    @Test
    void keepsWhatASuccessfulStartLeft() throws Exception {
        confirmedStart("one");

        assertThat(new BundleCache(storage, "one").open().resolve("bundle0")).exists();
    }

    @Test
    void wipesWhatOtherBundlesLeft() throws Exception {
        confirmedStart("one");

        assertThat(new BundleCache(storage, "two").open()).isEmptyDirectory();
    }

    @Test
    void wipesWhatAStartLeftThatFailed() throws Exception {
        confirmedStart("one");
        Path failed = new BundleCache(storage, "one").open();
        assertThat(failed.resolve("bundle0")).exists();

        assertThat(new BundleCache(storage, "one").open()).isEmptyDirectory();
    }

    @Test
    void wipesWhatOthersMayHaveWritten() throws Exception {
        for (String place : List.of("", "fingerprint", "framework")) {
            confirmedStart("one");
            Files.setPosixFilePermissions(storage.resolve(place), PosixFilePermissions.fromString("rwxrwxrwx"));

            assertThat(new BundleCache(storage, "one").open()).isEmptyDirectory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(storage))).isEqualTo("rwxr-xr-x");
        }
    }

    @Test
    void removesALinkInItsPlaceAndLeavesAloneWhatItLeadsTo() throws Exception {
        confirmedStart("one");
        Path elsewhere = Files.move(storage, directory.resolve("elsewhere"));
        Files.createSymbolicLink(storage, elsewhere);

        assertThat(new BundleCache(storage, "one").open()).isEmptyDirectory();

        assertThat(Files.isSymbolicLink(storage)).isFalse();
        assertThat(elsewhere.resolve("framework/bundle0")).exists();
    }

    private void confirmedStart(String fingerprint) throws Exception {
        BundleCache cache = new BundleCache(storage, fingerprint);
        Files.writeString(cache.open().resolve("bundle0"), "state");
        cache.confirm();
    }
}
