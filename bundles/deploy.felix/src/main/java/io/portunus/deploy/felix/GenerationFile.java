// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Cidr;
import io.portunus.model.Offer;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code generation.json}, which the launcher reads at the next start. It is replaced as a whole: who reads it finds the old one
 * or the new one, whenever the process or the machine dies. Not thread-safe; callers take turns.
 */
final class GenerationFile {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationFile.class);
    private static final String DAMAGED = ".damaged";
    private static final int FORMAT = 1;
    private static final int DEFAULT_START_LEVEL = 20;
    private static final int MAX_SIZE = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final Path folder;
    private final Path file;

    /**
     * Names the file.
     *
     * @param folder the node's state directory
     */
    GenerationFile(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("generation.json");
    }

    /** Reads it; a damaged file is put aside and counts as none. */
    Generation read(String distribution) {
        try {
            return parse(JSON.readTree(OwnFile.read(file, MAX_SIZE)));
        } catch (NoSuchFileException e) {
            return Generation.none(distribution);
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            LOG.atError().addKeyValue("event", "generation.damaged").addKeyValue("file", file).setCause(e)
                .log("the generation is damaged and counts as none; see generation.json.damaged");
            putAside();
            return Generation.none(distribution);
        }
    }

    boolean damaged() {
        return Files.exists(folder.resolve(file.getFileName() + DAMAGED));
    }

    private void putAside() {
        try {
            Files.move(file, folder.resolve(file.getFileName() + DAMAGED), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.atError().addKeyValue("event", "generation.damaged").setCause(e).log("it cannot be put aside");
        }
    }

    private static Generation parse(JsonNode root) {
        if (root.path("format").asInt(0) != FORMAT) {
            throw new IllegalArgumentException("format is not " + FORMAT);
        }
        List<Generation.Entry> entries = new ArrayList<>();
        for (JsonNode node : root.path("bundles")) {
            entries.add(entry(node));
        }
        if (entries.stream().filter(Generation.Entry::serves).map(Generation.Entry::name).distinct().count()
                != entries.stream().filter(Generation.Entry::serves).count()) {
            throw new IllegalArgumentException("two versions of a bundle serve");
        }
        List<VersionPin> pins = new ArrayList<>();
        for (JsonNode node : root.path("pins")) {
            pins.add(new VersionPin(text(node, "rule"), text(node, "source").flatMap(Cidr::parse), required(node, "bundle"),
                required(node, "version")));
        }
        Map<Offer, List<String>> claims = new HashMap<>();
        root.path("owners").properties().forEach(entry -> Offer.parse(entry.getKey()).ifPresent(offer -> claims.put(offer, texts(entry.getValue()))));
        Map<String, List<String>> takenBack = new HashMap<>();
        root.path("taken_back").properties().forEach(entry -> takenBack.put(entry.getKey(), texts(entry.getValue())));
        return new Generation(text(root, "distribution").orElse(""), entries, pins, new Claims(claims), takenBack);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            texts.add(text.asString());
        }
        return texts;
    }

    private static Generation.Entry entry(JsonNode node) {
        Optional<Generation.Jar> jar = text(node, "file").map(name -> new Generation.Jar(name, required(node, "sha256")));
        return new Generation.Entry(required(node, "name"), required(node, "version"), jar,
            node.path("start_level").asInt(DEFAULT_START_LEVEL), node.path("serves").asBoolean(true),
            texts(node.path("before")));
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asString("")).filter(value -> !value.isEmpty());
    }

    private static String required(JsonNode node, String field) {
        return text(node, field).orElseThrow(() -> new IllegalArgumentException(field + " is missing"));
    }

    /** Replaces it. */
    void write(Generation generation) throws IOException {
        OwnFile.replace(file, render(generation).getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        JarStore.sync(folder);
    }

    private static String render(Generation generation) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("distribution", generation.distribution());
        ArrayNode bundles = root.putArray("bundles");
        for (Generation.Entry entry : generation.bundles()) {
            ObjectNode node = bundles.addObject().put("name", entry.name()).put("version", entry.version());
            entry.jar().ifPresent(jar -> node.put("file", jar.file()).put("sha256", jar.sha256()));
            node.put("start_level", entry.startLevel()).put("serves", entry.serves());
            if (!entry.before().isEmpty()) {
                put(node, "before", entry.before());
            }
        }
        ArrayNode pins = root.putArray("pins");
        for (VersionPin pin : generation.pins()) {
            ObjectNode node = pins.addObject();
            pin.rule().ifPresent(rule -> node.put("rule", rule));
            pin.source().ifPresent(source -> node.put("source", source.toString()));
            node.put("bundle", pin.bundle()).put("version", pin.version());
        }
        ObjectNode owners = root.putObject("owners");
        new TreeMap<>(generation.claims().lines()).forEach((offer, names) -> put(owners, offer.toString(), names));
        ObjectNode takenBack = root.putObject("taken_back");
        new TreeMap<>(generation.takenBack()).forEach((name, versions) -> put(takenBack, name, versions));
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void put(ObjectNode node, String field, List<String> texts) {
        ArrayNode array = node.putArray(field);
        texts.forEach(array::add);
    }
}
