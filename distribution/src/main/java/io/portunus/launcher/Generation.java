// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import io.portunus.launcher.role.Notice;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.framework.Version;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was deployed: the file {@code generation.json} that {@code deploy.felix} keeps. Immutable.
 *
 * @param bundles versions of bundles that run instead of, or beside, those of the feature
 * @param owners by what is offered, {@code "inspector.tls"}: the bundle that serves it, and behind it those whom it replaced
 */
record Generation(List<Entry> bundles, Map<String, List<String>> owners) {
    /** Its name in the state directory. */
    static final String FILE = "generation.json";
    /** Nothing was deployed. */
    static final Generation NONE = new Generation(List.of(), Map.of());
    private static final int FORMAT = 1;
    /** Its largest size. */
    static final int MAX_SIZE = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    Generation {
        bundles = List.copyOf(bundles);
        owners = Map.copyOf(owners);
    }

    /**
     * A version of a bundle.
     *
     * @param name symbolic name
     * @param version its version
     * @param jar what was deployed; empty for the distribution's own, which is kept beside
     * @param startLevel the level at which the framework starts it
     * @param serves whether it is the one that new connections get
     */
    record Entry(String name, Version version, Optional<Jar> jar, int startLevel, boolean serves) {
    }

    /**
     * A deployed jar.
     *
     * @param file its name in the folder {@code jars} of the state directory
     * @param sha256 of its content
     */
    record Jar(String file, String sha256) {
    }

    /** Whether anything runs that did not come with the distribution. */
    boolean deploys() {
        return bundles.stream().anyMatch(entry -> entry.jar().isPresent());
    }

    /** Reads the file of a state directory; a damaged one is put aside, reported, and counts as none. */
    static Generation read(Path state, Consumer<Notice> notices) {
        Path file = state.resolve(FILE);
        try {
            return parse(new String(OwnFile.read(file, MAX_SIZE), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            notices.accept(new Notice("error", "generation.damaged", "The file " + file + " is damaged (" + e.getMessage()
                + "); the distribution's bundles run alone, and it is kept as " + FILE + ".damaged.", Map.of()));
            putAside(file);
            return NONE;
        }
    }

    /** The same for who only looks: a damaged file counts as none, and stays where it is. */
    static Generation peek(Path state) {
        try {
            Path file = state.resolve(FILE);
            // What is no file would be waited for.
            return !Files.isRegularFile(file) || Files.size(file) > MAX_SIZE ? NONE : parse(Files.readString(file));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            return NONE;
        }
    }

    private static void putAside(Path file) {
        try {
            Files.move(file, file.resolveSibling(FILE + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // It was reported, and is again at the next start.
            return;
        }
    }

    /**
     * Parses its text.
     *
     * @throws IllegalArgumentException if something is missing or has another form
     * @throws JacksonException if it is not JSON
     */
    static Generation parse(String json) {
        JsonNode root = JSON.readTree(json);
        if (root.path("format").asInt(0) != FORMAT) {
            throw new IllegalArgumentException("format is not " + FORMAT);
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> serving = new HashSet<>();
        for (JsonNode node : root.path("bundles")) {
            Entry entry = entry(node);
            if (entry.serves() && !serving.add(entry.name())) {
                throw new IllegalArgumentException("two versions of " + entry.name() + " serve");
            }
            entries.add(entry);
        }
        Map<String, List<String>> owners = new HashMap<>();
        for (Map.Entry<String, JsonNode> owned : root.path("owners").properties()) {
            List<String> names = new ArrayList<>();
            owned.getValue().forEach(name -> names.add(name.asString()));
            owners.put(owned.getKey(), List.copyOf(names));
        }
        return new Generation(entries, owners);
    }

    private static Entry entry(JsonNode node) {
        Optional<Jar> jar = text(node, "file").map(name -> new Jar(name, required(node, "sha256")));
        // Not a path, so that nothing outside of the folder is ever started.
        if (jar.filter(its -> its.file().startsWith(".") || !its.file().matches("[\\w.+-]+\\.jar")).isPresent()) {
            throw new IllegalArgumentException("file is not the name of a jar");
        }
        int level = node.path("start_level").asInt(FeatureFile.DEFAULT_START_LEVEL);
        return new Entry(required(node, "name"), Version.parseVersion(required(node, "version")), jar, Math.max(1, level),
            node.path("serves").asBoolean(true));
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asString("")).filter(value -> !value.isEmpty());
    }

    private static String required(JsonNode node, String field) {
        return text(node, field).orElseThrow(() -> new IllegalArgumentException(field + " is missing"));
    }
}
