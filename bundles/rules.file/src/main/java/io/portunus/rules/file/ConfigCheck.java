// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * {@code --check}: says whether a file can be used, without framework or socket. The launcher calls it by reflection from a class loader
 * with the jars model, node.api, flow.api, rules.file, lib-tomlj and commons-codec; nothing reachable from here may need another.
 */
public final class ConfigCheck {
    private static final int OK = 0;
    private static final int INVALID = 2;

    private ConfigCheck() {
    }

    /**
     * Checks a file.
     *
     * @param file the file
     * @param out gets {@code ok}
     * @param err gets a line for each problem: {@code file:line:column: code: path: text}
     * @return 0 when nothing is wrong, 2 otherwise
     */
    public static int run(Path file, PrintStream out, PrintStream err) {
        return switch (new ConfigReader().read(file)) {
            case ConfigOutcome.Valid valid -> {
                out.println("ok");
                yield OK;
            }
            case ConfigOutcome.Invalid invalid -> {
                invalid.problems().forEach(p -> err.println(ProblemLine.of(file.toString(), p)));
                yield INVALID;
            }
        };
    }
}
