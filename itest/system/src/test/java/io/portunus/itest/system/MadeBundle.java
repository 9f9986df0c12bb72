// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bundle that behaves as badly as a test needs, made from a few lines of Java. Its classes are in the package {@code made}.
 *
 * @param name symbolic name
 * @param version its version
 * @param classes simple name to body, each class being a component with the interface that follows its name: {@code "Bad implements X"}, which is
 *     one of {@code flow.spi} unless it is named in full
 * @param headers more headers of its manifest
 */
record MadeBundle(String name, String version, Map<String, String> classes, Map<String, String> headers) {
    private static final String IMPORTS = """
        package made;
        import io.portunus.flow.api.*;
        import io.portunus.flow.spi.*;
        import io.portunus.model.*;
        import java.util.List;
        """;

    private static final String HANDLER = """
        public String kind() { return TCP; }
        public void accepted(Stream downstream, Listener listener, StreamFlow flow) { %s }
        """;

    /** A handler of TCP flows that does this with a connection, and finds nothing wrong with itself. */
    static MadeBundle handler(String version, String accepted) {
        return new MadeBundle("io.portunus.flow.tcp", version, Map.of(
            "Handler implements FlowHandler", HANDLER.formatted(accepted),
            "Check implements SelfCheck", "public List<Problem> run() { return List.of(); }"), Map.of());
    }

    /** A bundle whose check of itself does this. */
    static MadeBundle check(String version, String run) {
        return new MadeBundle("io.portunus.flow.tcp", version, Map.of(
            "Handler implements FlowHandler", HANDLER.formatted(""),
            "Check implements SelfCheck", "public List<Problem> run() { " + run + " }"), Map.of());
    }

    /** The same with another header. */
    MadeBundle with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new MadeBundle(name, version, classes, more);
    }

    /** Compiles and packs it. */
    Path jar(Path folder) {
        try {
            Path work = Files.createDirectories(folder.resolve("made-" + version));
            Path sources = Files.createDirectories(work.resolve("src/made"));
            for (Map.Entry<String, String> type : classes.entrySet()) {
                Files.writeString(sources.resolve(simple(type.getKey()) + ".java"),
                    IMPORTS + "public class " + type.getKey() + " {\n" + type.getValue() + "\n}\n");
            }
            Path compiled = Files.createDirectories(work.resolve("classes"));
            compile(sources, compiled);
            return pack(compiled, work.resolve("made.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path sources, Path to) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        String path = Distribution.bundle("model") + ":" + Distribution.bundle("flow.api") + ":" + Distribution.bundle("node.api");
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null,
            StandardCharsets.UTF_8); Stream<Path> all = Files.list(sources)) {
            List<String> options = List.of("--release", "25", "-proc:none", "-nowarn", "-cp", path, "-d", to.toString());
            assertThat(javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(all.toList())).call()).isTrue();
        }
    }

    private Path pack(Path compiled, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "io.portunus.flow.api,io.portunus.flow.spi,io.portunus.model");
        main.putValue("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.component)\"");
        main.putValue("Provide-Capability", "osgi.service;objectClass:List<String>=\"io.portunus.flow.spi.SelfCheck\"");
        main.putValue("Portunus-Provides", classes.entrySet().stream().flatMap(type -> offer(type.getKey(), type.getValue()).stream())
            .collect(Collectors.joining(",")));
        main.putValue("Service-Component", String.join(",", classes.keySet().stream().map(c -> "OSGI-INF/" + simple(c) + ".xml").toList()));
        headers.forEach(main::putValue);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String type : classes.keySet()) {
                put(out, "made/" + simple(type) + ".class", Files.readAllBytes(compiled.resolve("made").resolve(simple(type) + ".class")));
                put(out, "OSGI-INF/" + simple(type) + ".xml", component(type).getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    /** What a class offers to flows, read from its {@code kind()}; nothing if it is of no role. */
    private static Optional<String> offer(String type, String body) {
        String contract = type.substring(type.lastIndexOf(' ') + 1);
        Matcher kind = Pattern.compile("String (?:kind|name)\\(\\) \\{ return \"?([\\w-]+)\"?;").matcher(body);
        String role = switch (contract) {
            case "FlowHandler" -> "handler";
            case "Inspector" -> "inspector";
            case "ListenerFilter" -> "filter";
            case "TargetSelector" -> "selector";
            case "UpstreamHeader" -> "header";
            case "Transport" -> "transport";
            case "Policy" -> "policy";
            case "StreamLayer" -> "layer";
            default -> "";
        };
        return role.isEmpty() ? Optional.empty() : Optional.of(role + ";kind="
            + (role.equals("selector") ? "targets" : kind.find() ? kind.group(1).toLowerCase(Locale.ROOT) : "unknown"));
    }

    private static void put(JarOutputStream out, String entry, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(entry));
        out.write(bytes);
        out.closeEntry();
    }

    private static String component(String type) {
        return """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="made.%1$s">
              <implementation class="made.%1$s"/>
              <service><provide interface="%2$s"/></service>
            </scr:component>
            """.formatted(simple(type), contract(type.substring(type.lastIndexOf(' ') + 1)));
    }

    private static String contract(String name) {
        return name.contains(".") ? name : "io.portunus.flow.spi." + name;
    }

    private static String simple(String type) {
        return type.substring(0, type.indexOf(' '));
    }
}
