// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.flow.api.VersionPin;
import io.portunus.model.Cidr;
import io.portunus.model.Problem;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.BundleView.Origin;
import io.portunus.node.api.BundleView.Phase;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import io.portunus.node.api.ConfigReload;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.Impact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What changes a node: it remembers what it was asked for, and answers what a test sets. */
final class FakeControl implements ConfigReload, BundleControl, ChangeLog {
    /** What was asked for, a line each. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<Change> log = new CopyOnWriteArrayList<>();
    volatile Report report = new Report(Result.UNCHANGED, "r1", List.of(), List.of(), List.of(), List.of(), List.of());
    volatile List<Problem> problems = List.of();
    /** Runs within each change of a bundle, for one that takes its time. */
    volatile Runnable meanwhile = () -> { };

    @Override
    public Report reload(Actor by) {
        asked.add("reload by " + by);
        meanwhile.run();
        return report;
    }

    @Override
    public List<BundleView> bundles() {
        return List.of(new BundleView(7, "io.portunus.flow.tls", "1.0.0", "active", Origin.DISTRIBUTION, Optional.empty(), true, Phase.DRAINING, 5,
            2, List.of("inspector.tls"), Optional.empty(), Optional.of(new BundleView.Leaving(Optional.of(Duration.ofMinutes(10)),
            List.of(new BundleView.Holder(4, Duration.ofSeconds(90))))), List.of(), Optional.of("not proven: 3 flows")),
            new BundleView(9, "com.example.mqtt", "2.0.0", "installed", Origin.DEPLOYED, Optional.of("CN=Example"), false,
            Phase.CURRENT, 0, 0, List.of(), Optional.of("1.9.0"), Optional.empty(), List.of("it does not resolve"), Optional.empty()));
    }

    @Override
    public Deployment upgrade(Path jar, Actor by, Optional<Duration> drain, Set<String> replaces) {
        meanwhile.run();
        try {
            String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(jar)) + " in "
                + PosixFilePermissions.toString(Files.getPosixFilePermissions(jar.getParent()));
            asked.add("upgrade " + Files.size(jar) + " " + rights + " by " + by + drain.map(d -> " drain " + d).orElse("")
                + replaces.stream().sorted().map(" replaces "::concat).collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return deployment("io.portunus.flow.tls", "1.1.0");
    }

    @Override
    public Deployment rollback(String bundle, Actor by) {
        asked.add("rollback " + bundle + " by " + by);
        return deployment(bundle, "0.9.0");
    }

    @Override
    public Deployment release(String bundle, Actor by) {
        asked.add("release " + bundle + " by " + by);
        return deployment(bundle, "1.0.0");
    }

    @Override
    public Deployment remove(String bundle, Actor by, Optional<Duration> drain, boolean force) {
        asked.add("remove " + bundle + " by " + by + drain.map(d -> " drain " + d).orElse("") + (force ? " by force" : ""));
        return deployment(bundle, "");
    }

    @Override
    public Deployment drain(String bundle, String version, Duration within, Actor by) {
        asked.add("drain " + bundle + " " + version + " within " + within + " by " + by);
        return deployment(bundle, "1.0.0");
    }

    private Deployment deployment(String bundle, String to) {
        boolean done = problems.isEmpty();
        return new Deployment(done, bundle, "1.0.0", done ? to : "1.0.0", List.of("Read it."), problems);
    }

    @Override
    public Optional<Impact> impact(String bundle) {
        return bundle.equals("io.portunus.flow.tls")
            ? Optional.of(new Impact(bundle, "1.0.0", true, List.of("io.portunus.flow.tcp"), 5, Optional.of("0.9.0"),
                "It can be replaced.", List.of())) : Optional.empty();
    }

    @Override
    public List<VersionPin> pins() {
        return List.of(new VersionPin(Optional.of("web"), Optional.empty(), "io.portunus.flow.tls", "1.0.0"),
            new VersionPin(Optional.empty(), Cidr.parse("192.0.2.0/24"), "com.example.mqtt", "2.0.0"));
    }

    @Override
    public List<Problem> pin(VersionPin pin, Actor by) {
        asked.add("pin " + pin.subject() + " on " + pin.bundle() + " " + pin.version() + " by " + by);
        return problems;
    }

    @Override
    public boolean unpin(String subject, Actor by) {
        asked.add("unpin " + subject + " by " + by);
        return pins().stream().anyMatch(p -> p.subject().equals(subject));
    }

    @Override
    public void add(Change change) {
        log.addFirst(change);
    }

    @Override
    public List<Change> recent() {
        return List.copyOf(log);
    }
}
