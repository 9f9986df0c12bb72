// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A feature in the form of OSGi Compendium 159: which bundles form a role. Immutable.
 *
 * @param id its name
 * @param bundles its bundles in the order of the file
 */
record FeatureFile(Coordinates id, List<Entry> bundles) {
    /** Start level of a bundle that names none. */
    static final int DEFAULT_START_LEVEL = 20;
    private static final String FORMAT = "1.0";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    FeatureFile {
        bundles = List.copyOf(bundles);
    }

    /**
     * A bundle of the feature.
     *
     * @param id its artifact
     * @param startLevel the level at which the framework starts it
     */
    record Entry(Coordinates id, int startLevel) {
    }

    /**
     * Reads a feature file.
     *
     * @throws LaunchException if the file is missing or malformed
     */
    static FeatureFile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new LaunchException(ExitCode.FAILED,
                "The feature file " + file + " cannot be read (" + e.getMessage() + "); install Portunus again.", e);
        }
    }

    /**
     * Parses the text of a feature file.
     *
     * @throws IllegalArgumentException if something is missing or has another form
     * @throws JacksonException if it is not JSON
     */
    static FeatureFile parse(String json) {
        JsonNode root = JSON.readTree(json);
        String format = root.path("feature-resource-version").asString("");
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("feature-resource-version is '" + format + "', not " + FORMAT);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode bundle : root.path("bundles")) {
            entries.add(entry(bundle));
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("bundles is empty");
        }
        return new FeatureFile(Coordinates.parse(root.path("id").asString("")), entries);
    }

    private static Entry entry(JsonNode bundle) {
        Coordinates id = Coordinates.parse(bundle.path("id").asString(""));
        JsonNode level = bundle.path("start-level");
        if (level.isMissingNode()) {
            return new Entry(id, DEFAULT_START_LEVEL);
        }
        if (!level.isInt() || level.intValue() < 1) {
            throw new IllegalArgumentException("start-level of " + id + " is not a positive number");
        }
        return new Entry(id, level.intValue());
    }
}
