// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * A package that a bundle cannot be without. Immutable.
 *
 * @param name the package
 * @param range versions it can do with, as its manifest has it
 */
record Need(String name, String range) {
    /** Part of every framework, in whatever Java it runs. */
    private static final String JAVA = "java.";

    /**
     * What a header {@code Import-Package} asks for and does not call optional.
     *
     * @throws IllegalArgumentException if a range is malformed
     */
    static List<Need> in(String imports) {
        return Clause.parse(imports).stream()
            .filter(clause -> !Constants.RESOLUTION_OPTIONAL.equals(clause.values().get(Constants.RESOLUTION_DIRECTIVE + ":")))
            .flatMap(clause -> clause.names().stream().map(name -> new Need(name, range(clause.values()))))
            .filter(need -> !need.name().startsWith(JAVA)).toList();
    }

    private static String range(Map<String, String> values) {
        String range = Optional.ofNullable(values.get(Constants.VERSION_ATTRIBUTE)).orElse("0");
        VersionRange.valueOf(range);
        return range;
    }

    /** As people write it, {@code "1.0"}. */
    private static String brief(Version version) {
        return version.getMicro() == 0 && version.getQualifier().isEmpty() ? version.getMajor() + "." + version.getMinor() : version.toString();
    }

    /** Why the node does not fill it, in words; empty if it does. */
    Optional<String> unfilled(List<Version> there) {
        if (there.isEmpty()) {
            return Optional.of("The jar needs the package " + name + ", which no bundle of this node exports.");
        }
        if (there.stream().anyMatch(VersionRange.valueOf(range)::includes)) {
            return Optional.empty();
        }
        return Optional.of("The jar needs " + name + " " + range + ", this node has "
            + there.stream().distinct().sorted().map(Need::brief).collect(Collectors.joining(" and ")) + ".");
    }
}
