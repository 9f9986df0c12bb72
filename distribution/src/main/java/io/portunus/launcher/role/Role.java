// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.Optional;

/**
 * What a process is for; everything else the launcher does alike for every role. The start script names the class that has it with the
 * property {@code portunus.role}: public, with a public constructor without parameters, and a {@code Supplier<Role>}. Immutable.
 *
 * @param usage its command line
 * @param feature name of the feature file that has its bundles
 * @param check checks the file of {@link Flag#CONFIG} before every start and for {@link Flag#CHECK}; empty if the role has no such file. It has
 *     {@code run(Path file, List<Path> jars, PrintStream out, PrintStream err)}, and the same with
 *     {@code Optional<Set<String>> kinds} after the jars, each of them public, static and answering the exit code
 * @param readiness when it has started
 * @param messages what is said of it
 * @param state what it keeps
 */
public record Role(Usage usage, String feature, Optional<PlainCode> check, Readiness readiness, Messages messages, StateFolder state) {
}
