// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Builds a bundle without Maven: its sources by javac, its jar by bnd, with the values that Maven takes from the pom, and the class path of
 * these tests in place of the bundle's own.
 *
 * @param folder folder of the bundle
 * @param work an empty folder for what is made
 */
record SecondBuild(Path folder, Path work) {
    private static final List<File> CLASS_PATH = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).map(File::new)
        .filter(File::isFile).toList();

    Path jar(String description) throws Exception {
        Path classes = Files.createDirectories(work.resolve("classes"));
        compile(classes);
        copyResources(classes);
        copyPom(classes);
        Path jar = work.resolve("bundle.jar");
        try (Builder builder = new Builder()) {
            builder.setProperties(folder.toFile(), properties(description));
            builder.setJar(new Jar(classes.toFile()));
            builder.setClasspath(CLASS_PATH.toArray(File[]::new));
            Jar built = builder.build();
            assertThat(builder.getErrors()).isEmpty();
            built.write(jar.toFile());
        }
        return jar;
    }

    private void compile(Path classes) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(folder.resolve("src/main/java"))) {
            List<Path> all = sources.filter(f -> f.toString().endsWith(".java")).toList();
            List<String> options = List.of("--release", Integer.toString(Runtime.version().feature()), "-g", "-proc:none", "-d", classes.toString());
            assertThat(javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(all)).call()).isTrue();
        }
    }

    private void copyResources(Path classes) throws IOException {
        Path resources = folder.resolve("src/main/resources");
        if (!Files.isDirectory(resources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(resources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = classes.resolve(resources.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** What bnd-maven-plugin puts beside the classes. */
    private void copyPom(Path classes) throws IOException {
        Path place = Files.createDirectories(classes.resolve("META-INF/maven/io.portunus/" + artifact()));
        Files.copy(folder.resolve("pom.xml"), place.resolve("pom.xml"));
        Files.writeString(place.resolve("pom.properties"),
            "groupId=io.portunus\nartifactId=" + artifact() + "\nversion=" + version() + "\n");
    }

    private Properties properties(String description) throws IOException {
        Properties bnd = new Properties();
        bnd.putAll(Map.of("project.groupId", "io.portunus", "project.artifactId", artifact(), "project.description", description,
            "Bundle-Version", version().replace("-", ".")));
        try (var defaults = Files.newBufferedReader(Checkout.root().resolve("bnd.bnd"))) {
            bnd.load(defaults);
        }
        Path own = folder.resolve("bnd.bnd");
        if (Files.exists(own)) {
            try (var its = Files.newBufferedReader(own)) {
                bnd.load(its);
            }
        }
        bnd.setProperty("-reproducible", Checkout.property("portunus.timestamp"));
        return bnd;
    }

    private String artifact() {
        return folder.getFileName().toString();
    }

    private static String version() {
        return Checkout.property("portunus.version");
    }
}
