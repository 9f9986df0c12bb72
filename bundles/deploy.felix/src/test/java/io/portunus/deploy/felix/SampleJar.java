// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.deploy.felix.sample.SampleActivator;
import io.portunus.model.Offer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes jars with {@link SampleActivator} in them. */
final class SampleJar {
    static final String NAME = "sample.inspector";
    private final Map<String, String> headers = new LinkedHashMap<>();

    private SampleJar(String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", NAME);
        headers.put("Bundle-Version", version);
        headers.put("Bundle-Activator", SampleActivator.class.getName());
        headers.put("Import-Package", "org.osgi.framework,io.portunus.flow.spi,io.portunus.flow.api,io.portunus.model,io.portunus.node.api");
        headers.put("Provide-Capability", "osgi.service;objectClass:List<String>=\"io.portunus.flow.spi.Inspector,io.portunus.flow.spi.SelfCheck\"");
        headers.put(Offer.HEADER, "inspector;kind=sample");
        headers.put("X-Kind", "sample");
    }

    static SampleJar of(String version) {
        return new SampleJar(version);
    }

    SampleJar with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Another bundle that offers another kind. */
    SampleJar named(String name, String kind) {
        return with("Bundle-SymbolicName", name).with(Offer.HEADER, "inspector;kind=" + kind);
    }

    /** Offers flows nothing. */
    SampleJar flowless() {
        return without("X-Kind").without(Offer.HEADER)
            .with("Provide-Capability", "osgi.service;objectClass:List<String>=\"io.portunus.flow.spi.SelfCheck\"");
    }

    SampleJar without(String header) {
        headers.remove(header);
        return this;
    }

    Path write(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        String path = SampleActivator.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        try (var out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream in = Objects.requireNonNull(SampleActivator.class.getClassLoader()).getResourceAsStream(path)) {
            jar.putNextEntry(new JarEntry(path));
            Objects.requireNonNull(in).transferTo(jar);
            jar.closeEntry();
        }
        return file;
    }
}
