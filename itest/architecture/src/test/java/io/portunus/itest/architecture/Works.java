// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The lines of {@code works.txt}: what is shipped that others wrote. Immutable.
 *
 * @param all a line each
 */
record Works(List<Work> all) {
    /**
     * A work.
     *
     * @param beginning how the names of its classes begin
     * @param name what it is called
     * @param licence identifier of its licence, and of which it was chosen
     * @param text name of the file with the licence's text
     * @param whose whose it is
     */
    record Work(String beginning, String name, String licence, String text, String whose) {
        static Work parse(String line) {
            String[] cells = line.split(" \\| ", -1);
            if (cells.length != 5) {
                throw new IllegalArgumentException("a line of works.txt has five cells, but: " + line);
            }
            return new Work(cells[0], cells[1], cells[2], cells[3], cells[4]);
        }

        /** The licence that is taken. */
        String taken() {
            return licence.split(",", 2)[0];
        }

        private boolean has(String className) {
            return className.startsWith(beginning) && (className.length() == beginning.length()
                || ".$".indexOf(className.charAt(beginning.length())) >= 0);
        }
    }

    static Path folder() {
        return Checkout.root().resolve("distribution/src/main/dist/licenses");
    }

    static Works read() throws IOException {
        return new Works(Files.readAllLines(folder().resolve("works.txt")).stream().filter(l -> !l.startsWith("#")).map(Work::parse).toList());
    }

    /** The work that a class belongs to. */
    Optional<Work> of(String className) {
        return all.stream().filter(w -> w.has(className)).max(Comparator.comparingInt(w -> w.beginning().length()));
    }

    /** The page NOTICE. */
    String notice() {
        StringBuilder text = new StringBuilder("""
            Portunus for OSGi
            Copyright the Portunus contributors

            Licensed under the Apache License, Version 2.0; see LICENSE.

            A distribution of Portunus holds the following works of others, unchanged, or, in bundles whose names begin with lib-, with nothing but
            OSGi headers added. The texts of their licences are in the folder licenses; notices of their own are in their jars. This page is written
            by the build from licenses/works.txt.

            This product includes software developed at The Apache Software Foundation (https://www.apache.org/).
            The source of Logback is at https://github.com/qos-ch/logback
            """);
        for (String licence : all.stream().map(Work::licence).distinct().toList()) {
            text.append('\n').append(licence).append('\n');
            all.stream().filter(w -> w.licence().equals(licence))
                .forEach(w -> text.append("  ").append(w.name()).append(": ").append(w.whose()).append(" (").append(w.text()).append(")\n"));
        }
        return text.toString();
    }
}
