// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.FlowVersions;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** Sets pins and takes them away. Callers take turns. */
final class Pins {
    private static final int MAX_NAME = 128;
    private final Site site;

    Pins(Site site) {
        this.site = site;
    }

    List<Problem> pin(VersionPin pin) {
        List<Problem> problems = new ArrayList<>();
        Optional<Bundle> bundle = site.bundles().find(pin.bundle(), pin.version());
        if (bundle.isEmpty()) {
            problems.add(Problem.of(ProblemCode.NOT_FOUND, "version", pin.bundle() + " " + pin.version() + " does not run; there are: "
                + String.join(", ", site.bundles().named(pin.bundle()).stream().map(its -> its.getVersion().toString()).toList()) + "."));
        } else if (site.holders().providers(bundle.get()).isEmpty()) {
            problems.add(Problem.of(ProblemCode.INVALID_VALUE, "version",
                Switchover.name(bundle.get()) + " offers no handler and no inspector that flows could be kept on."));
        }
        if (pin.rule().filter(rule -> rule.isBlank() || rule.length() > MAX_NAME || rule.chars().anyMatch(Character::isISOControl)).isPresent()) {
            problems.add(Problem.of(ProblemCode.INVALID_VALUE, "rule", "The name of a rule has 1 to " + MAX_NAME + " characters, none a control."));
        }
        List<VersionPin> newer = new ArrayList<>(site.ledger().pins());
        newer.removeIf(old -> old.subject().equals(pin.subject()) && old.bundle().equals(pin.bundle()));
        newer.add(pin);
        if (newer.size() > FlowVersions.MAX_PINS) {
            problems.add(Problem.of(ProblemCode.INVALID_VALUE, "", "There are " + FlowVersions.MAX_PINS + " pins, the most there may be."));
        }
        return problems.isEmpty() ? put(newer) : problems;
    }

    boolean unpin(String subject) {
        List<VersionPin> kept = site.ledger().pins().stream().filter(pin -> !pin.subject().equals(subject)).toList();
        return kept.size() < site.ledger().pins().size() && put(kept).isEmpty();
    }

    private List<Problem> put(List<VersionPin> pins) {
        try {
            site.ledger().pins(pins);
            site.holders().versions().pins(pins);
            return List.of();
        } catch (DeployException e) {
            return e.problems();
        }
    }
}
