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
import java.util.Set;

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
        return List.of(new BundleView(3, TLS, "0.1.0", "active", Origin.DISTRIBUTION, Optional.empty(), true, Phase.DRAINING, 12, 0,
            List.of(), Optional.empty(), Optional.of(new BundleView.Leaving(Optional.of(Duration.ofMinutes(10)),
            List.of(new BundleView.Holder(4, Duration.ofHours(2))))), List.of(), Optional.empty()),
            new BundleView(9, TLS, "0.1.1", "active", Origin.DEPLOYED, Optional.of("CN=ann"), true, Phase.CURRENT, 3, 2,
            List.of("inspector.tls"), Optional.of("0.1.0"), Optional.empty(), List.of(), Optional.of("not proven: 3 flows")),
            new BundleView(10, "org.example.x", "1.0.0", "installed", Origin.DEPLOYED, Optional.empty(), false, Phase.CURRENT, 0, 0,
            List.of(), Optional.empty(), Optional.empty(), List.of("nobody exports org.example.y"), Optional.empty()),
            new BundleView(2, "org.tomlj", "1.1.1", "active", Origin.DISTRIBUTION, Optional.empty(), false, Phase.CURRENT, 0, 0, List.of(),
            Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
    }

    @Override
    public Deployment upgrade(Path jar, Actor by, Optional<Duration> drain, Set<String> replaces) {
        asked.add("upgrade " + jar + " by " + by + " " + drain + (replaces.isEmpty() ? "" : " replaces " + replaces));
        return answer("0.1.0", "0.1.1");
    }

    @Override
    public Deployment rollback(String bundle, Actor by) {
        asked.add("rollback " + bundle + " by " + by);
        return answer("0.1.1", "0.1.0");
    }

    @Override
    public Deployment release(String bundle, Actor by) {
        asked.add("release " + bundle + " by " + by);
        return answer("", "0.1.1");
    }

    @Override
    public Deployment remove(String bundle, Actor by, Optional<Duration> drain, boolean force) {
        asked.add("remove " + bundle + " by " + by + " " + drain + (force ? " by force" : ""));
        return answer("0.1.1", "");
    }

    @Override
    public Deployment drain(String bundle, String version, Duration within, Actor by) {
        asked.add("drain " + bundle + " " + version + " " + within + " by " + by);
        return answer(version, "0.1.1");
    }

    @Override
    public Optional<Impact> impact(String bundle) {
        return bundle.equals(TLS) ? Optional.of(new Impact(TLS, "0.1.1", true, List.of(), 3, Optional.of("0.1.0"),
            "it can be replaced at once", List.of("0.0.9 was taken back, and is passed over."))) : Optional.empty();
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
