// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.TargetView.Counts;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.HealthPolicy;
import io.portunus.model.IpLiterals;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Rule;
import io.portunus.model.SilencePolicy;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What is known of one target of one rule; of a range there is one for all ports. A service has one, and each of its hosts one. Flows keep
 * it, and a reload does as long as the rule has the target. Thread-safe without locks: each change of health replaces one immutable value.
 */
final class TargetState {
    private static final AtomicReferenceFieldUpdater<TargetState, Health> HEALTH =
        AtomicReferenceFieldUpdater.newUpdater(TargetState.class, Health.class, "health");
    private static final String BY_OPERATOR = "operator";
    private static final String BY_CONFIGURATION = "configuration";

    private final Environment environment;
    private final TargetEvents events;
    private final Optional<InetAddress> literal;
    /** Of what names hosts. */
    private final Optional<ServiceHosts> hosts;
    /** What names it, if it is a host of a service. */
    private final Optional<TargetState> service;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final LongAdder active = new LongAdder();
    private final LongAdder connections = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder flips = new LongAdder();
    private final LongAdder probes = new LongAdder();
    private final LongAdder probeFailures = new LongAdder();
    private final Answers answers = new Answers();
    /** How to end the flows that end with the target; as many as it has connections. */
    private final Map<Object, Consumer<CloseReason>> ends = new ConcurrentHashMap<>();
    /** Replaced by a reload, read by whoever picks. */
    private volatile Setting setting;
    /** Written by operators and reloads, read by whoever picks. */
    private volatile Drain drain = Drain.NONE;

    /** Replaced by compare-and-set; read by whoever picks. */
    private volatile Health health;

    /** What the rules set for it now. */
    private record Setting(Rule rule, Target target) {
    }

    /** Whether, since when, and by whom it is kept from new flows. */
    private record Drain(boolean byOperator, boolean byConfiguration, Instant since) {
        static final Drain NONE = new Drain(false, false, Instant.EPOCH);

        boolean on() {
            return byOperator || byConfiguration;
        }
    }

    TargetState(Rule rule, Target target, Environment environment, TargetEvents events) {
        this(new Setting(rule, target), Optional.empty(), environment, events);
    }

    private TargetState(Setting setting, Optional<TargetState> service, Environment environment, TargetEvents events) {
        this.setting = setting;
        this.service = service;
        this.environment = environment;
        this.events = events;
        Target target = setting.target();
        literal = IpLiterals.parse(target.address().name());
        hosts = target.address() instanceof TargetAddress.Service ? Optional.of(new ServiceHosts(this::host, this::hostsTurned)) : Optional.empty();
        health = Health.fresh(environment.clock().instant());
        drainBy(false, target.drained());
    }

    /** The rules were applied, and still have it. */
    void settle(Rule rule, Target target) {
        boolean ruleChanged = !setting.rule().equals(rule);
        setting = new Setting(rule, target);
        drainBy(drain.byOperator() && !ruleChanged, target.drained());
        hosts.ifPresent(all -> all.states().forEach(host -> host.settle(rule, host.setting.target())));
    }

    /** Nobody probes it any more; called when nobody does, or an answer that comes late would stay for ever. */
    void unprobed() {
        change(before -> before.unprobed(policy(), environment.nanos().getAsLong()));
        hosts.ifPresent(all -> all.states().forEach(TargetState::unprobed));
    }

    // Of a service.

    /** Its hosts, if it is a service. */
    Optional<ServiceHosts> hosts() {
        return hosts;
    }

    private TargetState host(ServiceHost named) {
        return new TargetState(new Setting(setting.rule(), named(named)), Optional.of(this), environment, events);
    }

    /** A host of a service as a target. */
    private static Target named(ServiceHost host) {
        TargetAddress address = new TargetAddress.Host(host.host(), PortRange.of(host.port()));
        return new Target(address, host.priority(), host.weight(), 0, Optional.empty(), false);
    }

    /** The service has it still, maybe with another priority or weight. */
    void settle(ServiceHost host) {
        Setting before = setting;
        Target now = named(host);
        if (!before.target().equals(now)) {
            setting = new Setting(before.rule(), now);
        }
    }

    /** Some of its hosts have failed, come back, come or gone. Asks again after the change: others may have changed meanwhile. */
    private void hostsTurned(String reason) {
        ServiceHosts all = hosts.orElseThrow();
        boolean down;
        do {
            Timestamp now = environment.now();
            boolean downNow = all.down();
            change(before -> before.hosts(downNow, reason, now));
            down = downNow;
        } while (down != all.down());
    }

    /** Its name was looked up. */
    void resolved(boolean wasTrial) {
        if (!health.untroubled()) {
            Timestamp now = environment.now();
            change(before -> before.resolved(policy(), now, wasTrial));
        }
    }

    /** A flow connected to one of its hosts. */
    void hostConnected() {
        connections.increment();
        active.increment();
    }

    /** A flow could not connect to one of its hosts. */
    void hostFailed() {
        failures.increment();
    }

    /** Whether a flow may try it although it has failed: of a service whose hosts have failed, if it may try one of them. */
    boolean trialDue(long now) {
        Health its = health;
        if (!its.hostsDown() || hosts.isEmpty()) {
            return its.trialDue(now);
        }
        return !its.probe().down() && (!its.flows().down() || its.flows().trial().due(now)) && hosts.get().trialDue(now);
    }

    private HealthPolicy policy() {
        return setting.rule().targets().health();
    }

    // What picking asks.

    Health health() {
        return health;
    }

    boolean drained() {
        return drain.on();
    }

    /** Flows that connect to it or are connected. */
    int load() {
        return places.get();
    }

    Optional<InetAddress> literal() {
        return literal;
    }

    /** Where this flow begins among the addresses of the name. */
    int turn() {
        return turns.getAndIncrement();
    }

    // What flows do.

    /** Takes a place among its connections, unless there are {@code most}; 0 for no ceiling. */
    boolean takePlace(int most) {
        if (most == 0) {
            places.incrementAndGet();
            return true;
        }
        int taken = places.get();
        while (taken < most && !places.compareAndSet(taken, taken + 1)) {
            taken = places.get();
        }
        return taken < most;
    }

    void givePlace() {
        places.decrementAndGet();
    }

    /** Begins the one trial that a failed target has at a time. */
    boolean beginTrial(long now) {
        Health before = health;
        if (hosts.isPresent() && !before.flows().down()) {
            // The trial is one of its hosts, and begins there.
            return true;
        }
        while (before.trialDue(now)) {
            if (HEALTH.compareAndSet(this, before, before.trialBegun())) {
                return true;
            }
            before = health;
        }
        return false;
    }

    /** The flow that tried has gone without an answer. */
    void trialLost() {
        long now = environment.nanos().getAsLong();
        change(before -> before.trialLost(now));
    }

    /** A flow connected. */
    void connected(boolean wasTrial) {
        connections.increment();
        active.increment();
        policy().silence().ifPresent(its -> answers.answered(policy().window(), environment.nanos().getAsLong()));
        if (!health.untroubled()) {
            Timestamp now = environment.now();
            change(before -> before.made(policy(), now, wasTrial));
        }
    }

    /** A session got no answer in time. One that tried whether the target is back has found that it is not. */
    void unanswered(boolean wasTrial) {
        if (wasTrial) {
            failed(Health.SILENT, true);
            return;
        }
        Optional<SilencePolicy> silence = policy().silence();
        Timestamp now = environment.now();
        if (silence.isPresent() && answers.silent(silence.get(), policy().window(), now.nanos())) {
            failures.increment();
            change(before -> before.silent(policy(), now));
        }
    }

    /** A flow could not connect. */
    void failed(String reason, boolean wasTrial) {
        failures.increment();
        Timestamp now = environment.now();
        change(before -> before.failed(policy(), reason, now, wasTrial));
    }

    /** The target of a flow has no address. */
    void nameFailed(String name, String reason, boolean counts, boolean wasTrial) {
        reportName(name, reason);
        if (counts) {
            failed(reason, wasTrial);
        } else {
            failures.increment();
            if (wasTrial) {
                trialLost();
            }
        }
    }

    /** Its name could not be looked up again. */
    void reportName(String name, String reason) {
        events.dnsFailed(setting.rule(), fullText(), name, reason);
    }

    /** A connection has ended. */
    void closed() {
        active.decrement();
    }

    /** Ends a flow when the target fails. */
    void endWithIt(Object flow, Consumer<CloseReason> end) {
        ends.put(flow, end);
    }

    void forget(Object flow) {
        ends.remove(flow);
    }

    /** A probe was answered. */
    void probed(Probe asked, ProbeResult result) {
        if (!result.counts()) {
            events.probed(setting.rule(), fullText(), result, false);
            return;
        }
        probes.increment();
        if (!result.good()) {
            probeFailures.increment();
        }
        Timestamp now = environment.now();
        Health after = change(before -> before.answered(asked, result, now));
        events.probed(setting.rule(), fullText(), result, after.probe().run() == -1);
    }

    private Health change(UnaryOperator<Health> step) {
        while (true) {
            Health before = health;
            Health after = step.apply(before);
            if (after.equals(before)) {
                return before;
            }
            if (HEALTH.compareAndSet(this, before, after)) {
                if (before.failed() != after.failed()) {
                    turned(after);
                }
                return after;
            }
        }
    }

    private void turned(Health now) {
        flips.increment();
        events.healthChanged(setting.rule(), fullText(), !now.failed(), now.standing().reason());
        service.ifPresent(its -> its.hostsTurned(now.standing().reason()));
        if (now.failed() && !ends.isEmpty()) {
            environment.aside().execute(() -> ends.values().forEach(end -> end.accept(CloseReason.TARGET_DOWN)));
        }
    }

    // What operators do and see.

    /** Stops or goes on giving it new flows. */
    void drain(boolean byOperator) {
        drainBy(byOperator, drain.byConfiguration());
    }

    /** Whether anything has happened to it. */
    boolean eventful() {
        return drain.byOperator() || !health.standing().history().isEmpty() || !health.untroubled() || health.probe().run() != 0
            || connections.sum() + failures.sum() > 0;
    }

    boolean drainedByOperator() {
        return drain.byOperator();
    }

    /** Called by one thread at a time: whoever applies rules, drains or hands over. */
    private void drainBy(boolean byOperator, boolean byConfiguration) {
        Drain before = drain;
        Drain after = new Drain(byOperator, byConfiguration, before.on() ? before.since() : environment.clock().instant());
        drain = after;
        if (before.on() && !after.on()) {
            long now = environment.nanos().getAsLong();
            change(its -> its.undrained(now));
        }
    }

    /** The target as the rule has it. */
    String text() {
        return setting.target().toString();
    }

    /** The same with the service in front, if it is a host of one: for the log, and for the next version. */
    String fullText() {
        return service.map(its -> its.text() + HandedOver.OF_SERVICE + text()).orElseGet(this::text);
    }

    /** Its address or name. */
    String name() {
        return setting.target().address().name();
    }

    /** What is looked up: the host of a service is a whole name, which a record names. */
    String lookUpName() {
        return service.isPresent() ? name() + "." : name();
    }

    Target target() {
        return setting.target();
    }

    Rule rule() {
        return setting.rule();
    }

    boolean probed() {
        return policy().probe().isPresent();
    }

    Counts counts() {
        return new Counts(active.sum(), connections.sum(), failures.sum(), flips.sum(), probes.sum(), probeFailures.sum());
    }

    /** What another version counted and found; connections that are open stay with it. */
    void resume(Health its, Counts counted, boolean drainedByOperator) {
        health = policy().probe().isEmpty() ? its.unprobed(policy(), environment.nanos().getAsLong()) : its;
        replace(connections, counted.connections());
        replace(failures, counted.failures());
        replace(flips, counted.flips());
        replace(probes, counted.probes());
        replace(probeFailures, counted.probeFailures());
        drain(drainedByOperator);
    }

    /** A version that serves again may have counted before. */
    private static void replace(LongAdder counter, long count) {
        counter.reset();
        counter.add(count);
    }

    TargetView view(Optional<TargetView.Resolution> names, List<TargetView> ofHosts) {
        Setting its = setting;
        Health now = health;
        Drain kept = drain;
        Standing standing = now.standing();
        TargetGroup group = its.rule().targets();
        TargetView.State state = TargetView.State.HEALTHY;
        if (kept.on()) {
            state = TargetView.State.DRAINED;
        } else if (now.failed()) {
            state = TargetView.State.FAILED;
        } else if (group.pick() != TargetGroup.Pick.FIRST && standing.percent(environment.nanos().getAsLong(), group.slowStart()) < 100) {
            state = TargetView.State.SLOW_START;
        }
        String reason = kept.on() ? kept.byOperator() ? BY_OPERATOR : BY_CONFIGURATION : standing.reason();
        Instant since = kept.on() ? kept.since() : standing.since();
        List<TargetView.Change> history = standing.history();
        return new TargetView(its.rule().name(), its.rule().idText(), its.target().toString(), its.target().priority(), its.target().weight(),
            state, reason, since, history, counts(), names, ofHosts);
    }
}
