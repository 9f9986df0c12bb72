// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.DeployCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/**
 * Decides whether a jar may replace what serves. Immutable.
 *
 * @param serving version that serves; empty for a bundle that is new
 * @param live whether that version can be replaced while the node forwards
 * @param present flows of every version that is there, by version
 * @param claims whose each kind is
 * @param exported versions in which the node has a package
 */
record JarChecks(Optional<Version> serving, boolean live, Map<Version, Long> present, Claims claims, Function<String, List<Version>> exported) {
    private static final String SYSTEM_BUNDLE = "system.bundle";

    JarChecks {
        present = Map.copyOf(present);
    }

    /**
     * Everything that is wrong; empty when the jar may be installed.
     *
     * @param replaces bundles whose kinds it may take
     */
    List<Problem> problems(BundleJar jar, DeploySettings settings, Signers signers, Set<String> replaces) {
        List<Problem> problems = new ArrayList<>();
        needs(jar, problems);
        kinds(jar, replaces, problems);
        if (settings.requireSigned() && signers.verified(jar.signers(), jar.name()).isEmpty()) {
            add(problems, DeployCode.BUNDLE_UNSIGNED, "The jar is not trusted: " + signers.whyNot(jar.signers(), jar.name()));
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
                + jar.name() + ": " + carried + "; wait until one has none, remove a pin, or end them, as with"
                + " drainversion " + jar.name() + " VERSION --within 10m.");
        }
        return problems;
    }

    private void needs(BundleJar jar, List<Problem> problems) {
        if (jar.brings().dynamic()) {
            add(problems, DeployCode.DYNAMIC_IMPORTS, "The jar has DynamicImport-Package, so that nobody knows what it needs: list the packages in"
                + " Import-Package, those it can do without with resolution:=optional.");
        }
        jar.brings().needs().forEach(need -> need.unfilled(exported.apply(need.name()))
            .ifPresent(why -> add(problems, DeployCode.BUNDLE_UNRESOLVED, why)));
    }

    /** A kind that is another's is taken only from whom the operator names; one that was replaced itself comes back without it. */
    private void kinds(BundleJar jar, Set<String> replaces, List<Problem> problems) {
        List<Offer> offers = jar.brings().offers();
        jar.brings().roles().stream().filter(role -> offers.stream().noneMatch(offer -> offer.role().equals(role.code()))).sorted()
            .forEach(role -> problems.add(Problem.of(DeployCode.KIND_UNDECLARED, role.code(), "The jar offers a " + role.contract()
                + " and does not declare of what kind: have its manifest say \"" + Offer.HEADER + ": " + new Offer(role.code(), "KIND").clause()
                + "\".")));
        for (Offer offer : offers) {
            List<String> line = claims.of(offer);
            if (!line.isEmpty() && !line.contains(jar.name()) && !replaces.contains(line.getFirst())) {
                problems.add(Problem.of(DeployCode.KIND_TAKEN, offer.toString(), "The jar declares " + offer + ", which " + line.getFirst()
                    + " owns: leave it out of the jar, or take it over with --replaces " + line.getFirst() + "."));
            }
        }
        replaces.stream().filter(name -> offers.stream().noneMatch(offer -> claims.of(offer).stream().findFirst().filter(name::equals).isPresent()))
            .sorted().forEach(name -> problems.add(Problem.of(ProblemCode.INVALID_VALUE, "replaces",
                name + " owns nothing that the jar declares, so there is nothing to replace.")));
    }

    private static String restart() {
        return "install a distribution that has it, and restart.";
    }

    private static void add(List<Problem> problems, ProblemCode code, String text) {
        problems.add(Problem.of(code, "", text));
    }
}
