// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.VersionPin;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs besides, or instead of, the distribution's bundles. Immutable.
 *
 * @param distribution version of the distribution it was made under
 * @param bundles versions of bundles; exactly one of a name serves
 * @param pins the pins
 * @param claims whose each kind is that a deployed bundle declares
 * @param takenBack versions that a bake or an operator took back, by bundle, the last first
 */
record Generation(String distribution, List<Entry> bundles, List<VersionPin> pins, Claims claims, Map<String, List<String>> takenBack) {
    Generation {
        bundles = List.copyOf(bundles);
        pins = List.copyOf(pins);
        takenBack = Map.copyOf(takenBack);
    }

    /** Nothing but the distribution. */
    static Generation none(String distribution) {
        return new Generation(distribution, List.of(), List.of(), Claims.NONE, Map.of());
    }

    /**
     * A version of a bundle.
     *
     * @param name symbolic name
     * @param version its version
     * @param jar its jar; empty for the distribution's own, which is kept beside
     * @param startLevel the level it starts at
     * @param serves whether new flows get it
     * @param before versions that served before it, the last first
     */
    record Entry(String name, String version, Optional<Jar> jar, int startLevel, boolean serves, List<String> before) {
        Entry {
            before = List.copyOf(before);
        }
    }

    /**
     * A deployed jar.
     *
     * @param file its name among the deployed jars
     * @param sha256 of its content, in hexadecimal digits
     */
    record Jar(String file, String sha256) {
    }
}
