// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/**
 * Decides whether a jar may replace what serves. Immutable.
 *
 * @param serving version that serves; empty for a bundle that is new
 * @param live whether that version can be replaced while the node forwards
 * @param present flows of every version that is there, by version
 */
record JarChecks(Optional<Version> serving, boolean live, Map<Version, Long> present) {
    private static final String SYSTEM_BUNDLE = "system.bundle";

    JarChecks {
        present = Map.copyOf(present);
    }

    /** Everything that is wrong; empty when the jar may be installed. */
    List<Problem> problems(BundleJar jar, DeploySettings settings, Signers signers) {
        List<Problem> problems = new ArrayList<>();
        if (settings.requireSigned() && signers.verified(jar.signers()).isEmpty()) {
            String why = jar.signers().isEmpty() ? "not every class and resource of it is signed by the same signer"
                : "its signer is none of the trusted ones, or a certificate is not valid now";
            add(problems, DeployCode.BUNDLE_UNSIGNED, "The jar is not trusted: " + why + "."
                + signers.complaints().stream().map(complaint -> " " + complaint).collect(Collectors.joining()));
        }
        if (jar.fragment()) {
            add(problems, DeployCode.NEEDS_RESTART, "The jar is a fragment, which changes its host: " + restart());
        }
        if (jar.exports()) {
            add(problems, DeployCode.BUNDLE_EXPORTS, "The jar exports packages, so that others would keep the old ones: " + restart());
        }
        if (jar.name().equals(SYSTEM_BUNDLE) || serving.isPresent() && !live) {
            add(problems, DeployCode.NEEDS_RESTART, jar.name() + " cannot be replaced while the node forwards: " + restart());
        } else if (!jar.selfCheck()) {
            add(problems, DeployCode.NEEDS_RESTART, "The jar does not declare a SelfCheck, without which nobody knows whether it works: "
                + restart());
        }
        serving.filter(version -> jar.version().compareTo(version) <= 0).ifPresent(version -> add(problems, DeployCode.NOT_NEWER,
            jar.version().equals(version) ? jar.name() + " " + version + " serves already: the jar has the same version."
                : jar.name() + " " + version + " serves, and the jar has only " + jar.version() + "; to go back, roll back."));
        if (!present.containsKey(jar.version()) && present.size() >= settings.maxVersions()) {
            String carried = present.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(version -> version.getKey() + " carries " + version.getValue() + " flows").collect(Collectors.joining(", "));
            add(problems, DeployCode.TOO_MANY_VERSIONS, "With this one there would be more than " + settings.maxVersions() + " versions of "
                + jar.name() + ": " + carried + "; wait until one has none, end them, or remove a pin.");
        }
        return problems;
    }

    private static String restart() {
        return "install a distribution that has it, and restart.";
    }

    private static void add(List<Problem> problems, ProblemCode code, String text) {
        problems.add(Problem.of(code, "", text));
    }
}
