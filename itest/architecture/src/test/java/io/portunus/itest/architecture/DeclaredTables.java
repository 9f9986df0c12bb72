// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static io.portunus.itest.architecture.ReferencePage.code;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of the configuration that the bundles declare.
 *
 * @param tables each declaration, in the order of the names of the tables
 */
record DeclaredTables(List<Object> tables) {
    DeclaredTables {
        tables = List.copyOf(tables);
    }

    static DeclaredTables ofTheDistribution() {
        List<Path> jars = BuiltBundle.all().stream().map(BuiltBundle::jar).toList();
        Object declarations = Hidden.callStatic("io.portunus.config.file.Declarations", "of", List.class, jars);
        return new DeclaredTables(((List<?>) Hidden.call(declarations, "tables")).stream().map(Object.class::cast)
            .sorted((one, other) -> name(one).compareTo(name(other))).toList());
    }

    private static String name(Object table) {
        return Hidden.text(table, "name");
    }

    List<String> names() {
        return tables.stream().map(DeclaredTables::name).distinct().toList();
    }

    Optional<String> sentence(String name) {
        return tables.stream().filter(table -> name(table).equals(name)).map(table -> Hidden.text(table, "sentence")).findFirst();
    }

    /** Rows of the keys of a table. */
    List<List<String>> keys(String name) {
        return tables.stream().filter(table -> name(table).equals(name)).flatMap(table -> ((List<?>) Hidden.call(table, "written")).stream())
            .map(key -> List.of(code(Hidden.text(key, "key")), Hidden.text(key, "reference"))).toList();
    }

    /** Rows of the tables themselves, but for those of the file's own. */
    List<List<String>> tables(Set<String> own) {
        return names().stream().filter(name -> !own.contains(name)).map(name -> List.of(code(name), "Table: " + sentence(name).orElse("")))
            .collect(Collectors.toList());
    }
}
