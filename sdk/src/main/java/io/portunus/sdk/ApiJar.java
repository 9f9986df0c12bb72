// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * An artifact that authors compile against: its jar as it is built, its sources, its Javadoc. Immutable.
 *
 * @param artifact its name
 * @param folder its sources, seen from the root of the checkout
 */
record ApiJar(String artifact, String folder) {
    /** What is published. */
    static final List<ApiJar> ALL = List.of(bundle("model"), bundle("flow.api"), bundle("node.api"), bundle("admin.api"), bundle("config.api"),
        new ApiJar("contracts", "itest/contracts"));
    /** Public and protected parts, without what is the same in every one: fonts are of a megabyte. Warnings are the compiler's business. */
    private static final List<String> JAVADOC = List.of("-quiet", "-protected", "-notimestamp", "--no-fonts", "-Xdoclint:none", "-encoding", "UTF-8",
        "-docencoding", "UTF-8", "-charset", "UTF-8");

    private static ApiJar bundle(String name) {
        return new ApiJar(name, "bundles/" + name);
    }

    void publish(Path module, MavenRepository repository) throws IOException {
        Path sources = module.resolve("src/main/java");
        repository.copy(artifact, built(repository.version()));
        repository.jar(artifact, "-sources", sources);
        Path pages = Files.createTempDirectory("portunus-javadoc");
        try {
            document(sources, pages);
            repository.jar(artifact, "-javadoc", pages);
        } finally {
            Folders.delete(pages);
        }
    }

    /** The jar on the class path, which the build has put there. */
    private Path built(String version) {
        String name = artifact + "-" + version + ".jar";
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).map(Path::of).filter(p -> p.endsWith(name)).findFirst()
            .orElseThrow(() -> new IllegalStateException(name + " is not on the class path; build it first: mvn -pl sdk -am package"));
    }

    private void document(Path sources, Path pages) throws IOException {
        List<String> words = new ArrayList<>(JAVADOC);
        words.addAll(List.of("-windowtitle", "Portunus " + artifact, "-classpath", System.getProperty("java.class.path"), "-d", pages.toString()));
        Folders.files(sources).stream().map(Path::toString).filter(f -> f.endsWith(".java")).forEach(words::add);
        ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow(() -> new IllegalStateException("a JDK is needed"));
        if (javadoc.run(System.out, System.err, words.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("no Javadoc of " + artifact);
        }
    }
}
