// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.VersionPin;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.BundleView.Origin;
import io.portunus.node.api.BundleView.Phase;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.Impact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A node with a few bundles that writes down what it was asked for. Confined to one test. */
final class SampleBundles implements BundleControl {
    private static final String TLS = "io.portunus.flow.tls";

    final List<String> asked = new ArrayList<>();
    final List<VersionPin> pins = new ArrayList<>();
    boolean fails;

    private Deployment answer(String from, String to) {
        return fails ? new Deployment(false, TLS, from, from, List.of("read the jar"),
                List.of(Problem.of(SelfCheck.FAILED, "", "it says \u001b[2J")))
            : new Deployment(true, TLS, from, to, List.of("read the jar", "switched"), List.of());
    }

    @Override
    public List<BundleView> bundles() {
        return List.of(new BundleView(3, TLS, "0.1.0", "active", Origin.DISTRIBUTION, Optional.empty(), true, Phase.DRAINING, 12, List.of()),
            new BundleView(9, TLS, "0.1.1", "active", Origin.DEPLOYED, Optional.of("CN=ann"), true, Phase.CURRENT, 3, List.of()),
            new BundleView(10, "org.example.x", "1.0.0", "installed", Origin.DEPLOYED, Optional.empty(), false, Phase.CURRENT, 0,
                List.of("nobody exports org.example.y")),
            new BundleView(2, "org.tomlj", "1.1.1", "active", Origin.DISTRIBUTION, Optional.empty(), false, Phase.CURRENT, 0, List.of()));
    }

    @Override
    public Deployment upgrade(Path jar, Actor by, Optional<Duration> drain) {
        asked.add("upgrade " + jar + " by " + by + " " + drain);
        return answer("0.1.0", "0.1.1");
    }

    @Override
    public Deployment rollback(String bundle, Actor by) {
        asked.add("rollback " + bundle + " by " + by);
        return answer("0.1.1", "0.1.0");
    }

    @Override
    public Deployment remove(String bundle, Actor by, Optional<Duration> drain) {
        asked.add("remove " + bundle + " by " + by + " " + drain);
        return answer("0.1.1", "");
    }

    @Override
    public Optional<Impact> impact(String bundle) {
        return bundle.equals(TLS) ? Optional.of(new Impact(TLS, "0.1.1", true, List.of(), 3, "it can be replaced at once")) : Optional.empty();
    }

    @Override
    public List<VersionPin> pins() {
        return pins;
    }

    @Override
    public List<Problem> pin(VersionPin pin, Actor by) {
        if (fails) {
            return List.of(Problem.of(ProblemCode.NOT_FOUND, "version", "it does not run"));
        }
        pins.add(pin);
        return List.of();
    }

    @Override
    public boolean unpin(String subject, Actor by) {
        return pins.removeIf(p -> p.subject().equals(subject));
    }
}
