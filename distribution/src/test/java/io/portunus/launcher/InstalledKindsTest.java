// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledKindsTest {
    private static final String OFFER = "osgi.service;objectClass:List<String>=\"io.portunus.flow.spi.Inspector\"";

    @TempDir
    private Path folder;

    private Path jar(String name, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        Path jar = folder.resolve(name);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    @Test
    void gathersWhatBundlesDeclare() throws IOException {
        Path one = jar("one.jar", Map.of(Offer.HEADER, "inspector;kind=tls", "Provide-Capability", OFFER));
        Path other = jar("other.jar", Map.of());

        assertThat(InstalledKinds.of(List.of(one, other))).containsEntry("inspector", Set.of("tls"));
    }

    @Test
    void bundleThatOffersAnInspectorAndDoesNotDeclareOfWhatMayRecogniseAnything() throws IOException {
        Path one = jar("one.jar", Map.of(Offer.HEADER, "inspector;kind=tls", "Provide-Capability", OFFER));
        Path silent = jar("silent.jar", Map.of("Provide-Capability", OFFER));

        assertThat(InstalledKinds.of(List.of(one, silent))).doesNotContainKey("inspector");
    }

    @Test
    void whoOnlyLooksLeavesADamagedFileWhereItIs() throws IOException {
        Path file = Files.writeString(folder.resolve(Generation.FILE), "{ no");

        assertThat(Generation.peek(folder).bundles()).isEmpty();
        assertThat(file).hasContent("{ no");
        assertThat(Generation.peek(folder.resolve("nowhere")).bundles()).isEmpty();
    }
}
