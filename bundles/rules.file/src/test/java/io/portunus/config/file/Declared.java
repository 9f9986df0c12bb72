// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.rules.file.RuleKind;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the bundles of the distribution declare, as their jars on the class path have it. */
final class Declared {
    static final List<Path> JARS = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.endsWith(".jar")).map(Path::of).toList();
    /** With the transports of the distribution, which bring no tables. */
    static final Declarations ALL = new Declarations(Declarations.of(JARS).tables(), List.of("xnio", "epoll"));
    static final Grammar GRAMMAR = Grammar.of(ALL, List.of(new RuleKind()));

    private Declared() {
    }

    /** The values of a table that are not the defaults of their keys. */
    static Map<String, Object> table(Config config, String name) {
        Map<String, Object> values = new TreeMap<>();
        config.settings().values().forEach((path, value) -> {
            if (path.startsWith(name + ".") && !ALL.find(path).orElseThrow().value().equals(value)) {
                values.put(path.substring(name.length() + 1), value instanceof ListenAddress listen ? listen.text() : value);
            }
        });
        return values;
    }

    /** Where a surface is; empty text if there is none. */
    static String listen(Config config, String path) {
        return config.settings().surfaces().stream().filter(surface -> surface.path().equals(path)).map(surface -> surface.listen().text())
            .findFirst().orElse("");
    }
}
