// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one name, and by which rules. {@link #answer} and {@link #use} may be called by any thread; the rest is confined to
 * the thread of the resolver.
 */
final class NameEntry {
    /** Names that are kept are looked up again this long before their end at the latest, if they hold long enough. */
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final double REFRESH_FROM = 0.75;
    private static final double REFRESH_WITHIN = 0.1;
    /** While look-ups of a kept name fail, they come ever more seldom, down to this. */
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final int MAX_DOUBLINGS = 6;
    /** And however short what they answer holds, no more often than this. */
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private final String name;
    private final Slot<InetAddress> ipv4 = new Slot<>();
    private final Slot<InetAddress> ipv6 = new Slot<>();
    /** Of a service. */
    private final Slot<ServiceHost> hosts = new Slot<>();
    private final List<Slot<?>> slots = List.of(ipv4, ipv6, hosts);
    /** Who answered what the slots have. */
    private String server = "";
    /** Look-ups in a row that failed, be it for one family. */
    private int failures;
    /** Whether the last look-up found nothing because it failed. */
    private boolean down;
    /** Published to the loops of the data path, which read it without asking anybody. */
    private volatile NameAnswer answer = new NameAnswer(List.of(), List.of(), Instant.MIN, false, "", Optional.empty());
    /** Published to whoever looks for the least recently used; a lost update does no harm. */
    private volatile long usedMillis;
    private @Nullable Lookup lookup;
    private Cancellable refresh = () -> { };
    private boolean refreshSet;
    private List<Waiter> waiters = new ArrayList<>();

    NameEntry(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    NameAnswer answer() {
        return answer;
    }

    void use(Instant now) {
        usedMillis = now.toEpochMilli();
    }

    long usedMillis() {
        return usedMillis;
    }

    boolean current(Instant now) {
        return now.isBefore(answer.validUntil());
    }

    /** Takes a look-up's result in. */
    void learn(FamilyAnswers result, Instant now, DnsSettings settings) {
        if (result.noSuchName()) {
            slots.forEach(Slot::clear);
        }
        ipv4.learn(result.ipv4(), now, settings);
        ipv6.learn(result.ipv6(), now, settings);
        hosts.learn(result.hosts(), now, settings);
        if (!result.has(FamilyAnswer.Kind.PENDING)) {
            failures = result.failed() ? failures + 1 : 0;
        }
        down = result.failed() && !result.found() && !result.noSuchName();
        if (down) {
            answer = whileDown(result.problem(), now, settings);
        } else if (result.found()) {
            server = result.server();
            answer = remembered(now, settings, Optional.empty()).until(end(result, now, settings), false);
        } else {
            server = "";
            Instant end = now.plus(settings.negative(result.ttl(FamilyAnswer.Kind.NONE)));
            answer = new NameAnswer(List.of(), List.of(), end, false, result.server(), Optional.of(result.problem()));
        }
    }

    /** An answer of which one family is missing holds for the least time, and longer each time that nothing changes. */
    private Instant end(FamilyAnswers result, Instant now, DnsSettings settings) {
        Instant end = now.plus(settings.clamped(result.ttl(FamilyAnswer.Kind.FOUND)));
        if (result.has(FamilyAnswer.Kind.PENDING)) {
            return earlier(end, now.plus(settings.minTtl()));
        }
        if (!result.failed()) {
            return end;
        }
        Instant partial = earlier(end, now.plus(doubled(settings.minTtl())));
        for (Slot<?> slot : slots) {
            if (slot.failing() && !slot.empty()) {
                partial = earlier(partial, slot.graceEnd(settings.stale()));
            }
        }
        return partial;
    }

    private NameAnswer whileDown(Problem problem, Instant now, DnsSettings settings) {
        Optional<Problem> why = Optional.of(problem);
        Optional<Instant> end = slots.stream().filter(slot -> slot.holds(now)).map(Slot::until).min(Instant::compareTo);
        if (end.isPresent()) {
            return remembered(now, settings, why).until(end.get(), false);
        }
        Instant retry = now.plus(settings.negativeTtl());
        return inGrace(now, settings, why).orElseGet(() -> new NameAnswer(List.of(), List.of(), retry, false, "", why));
    }

    private Optional<NameAnswer> inGrace(Instant now, DnsSettings settings, Optional<Problem> why) {
        NameAnswer all = remembered(now, settings, why);
        if (!all.usable()) {
            return Optional.empty();
        }
        Instant end = now.plus(settings.negativeTtl());
        for (Slot<?> slot : slots) {
            if (!slot.inGrace(now, settings.stale()).isEmpty()) {
                end = earlier(end, slot.graceEnd(settings.stale()));
            }
        }
        return Optional.of(all.until(end, true));
    }

    /** What may still be given, with the server that gave it last. */
    private NameAnswer remembered(Instant now, DnsSettings settings, Optional<Problem> why) {
        return new NameAnswer(ipv4.inGrace(now, settings.stale()), ipv6.inGrace(now, settings.stale()), hosts.inGrace(now, settings.stale()), now,
            false, server, why);
    }

    /**
     * What can be given without waiting.
     *
     * @param eager whether an ended answer will do even if no look-up has failed: of kept names, and when there is no room for a look-up
     */
    Optional<NameAnswer> atHand(Instant now, boolean eager, DnsSettings settings) {
        if (current(now)) {
            return Optional.of(answer);
        }
        return down || eager ? inGrace(now, settings, answer.problem()) : Optional.empty();
    }

    /** The answer there is, or that there is no room to get one. */
    NameAnswer overloaded(Instant now, DnsSettings settings) {
        return atHand(now, true, settings).orElseGet(() -> Names.nothing(now, Problem.OVERLOADED));
    }

    /** The servers have changed: what they answered holds no longer, and serves as what an ended answer serves for. */
    void end(Instant now) {
        if (current(now)) {
            answer = answer.until(now, answer.stale());
        }
    }

    /** When a kept name that was just looked up is looked up again. */
    Duration refreshAgainIn(Instant now, DnsSettings settings, RandomGenerator random) {
        return longer(refreshIn(now, settings, random), MIN_PAUSE);
    }

    /** When a kept name is looked up again. */
    Duration refreshIn(Instant now, DnsSettings settings, RandomGenerator random) {
        if (down) {
            Duration backoff = doubled(longer(settings.negativeTtl(), MIN_PAUSE));
            return backoff.compareTo(MAX_BACKOFF) < 0 ? backoff : MAX_BACKOFF;
        }
        if (!current(now)) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(now, answer.validUntil());
        if (!answer.usable()) {
            return left;
        }
        long millis = (long) (left.toMillis() * (REFRESH_FROM + REFRESH_WITHIN * random.nextDouble()));
        return Duration.ofMillis(Math.max(Math.min(millis, left.minus(MARGIN).toMillis()), left.toMillis() / 2));
    }

    private Duration doubled(Duration unit) {
        return unit.multipliedBy(1L << Math.clamp(failures - 1, 0, MAX_DOUBLINGS));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Whether nothing of it can be of use. */
    boolean ended(Instant now, DnsSettings settings) {
        return lookup == null && !current(now) && slots.stream().allMatch(slot -> slot.inGrace(now, settings.stale()).isEmpty());
    }

    /** What the look-up under way has found, of which one family is late. */
    Optional<FamilyAnswers> partlyFound() {
        return lookup == null ? Optional.empty() : lookup.known();
    }

    /** Whatever was answered may not be given any more. */
    void forget(Instant now) {
        slots.forEach(Slot::clear);
        answer = Names.nothing(now, Problem.OTHER);
        server = "";
        failures = 0;
        down = false;
    }

    boolean lookingUp() {
        return lookup != null;
    }

    void lookup(@Nullable Lookup current) {
        lookup = current;
    }

    void cancelLookup() {
        if (lookup != null) {
            lookup.cancel();
            lookup = null;
        }
    }

    /** Bounded by {@link Names#MAX_WAITING} for all names together. */
    void await(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Those who wait, who wait no more. */
    List<Waiter> release() {
        List<Waiter> released = waiters;
        waiters = new ArrayList<>();
        return released;
    }

    void refresh(Cancellable timer) {
        refresh.cancel();
        refresh = timer;
        refreshSet = true;
    }

    void cancelRefresh() {
        refresh.cancel();
        refreshSet = false;
    }

    boolean refreshSet() {
        return refreshSet;
    }

    Slot<InetAddress> ipv4() {
        return ipv4;
    }

    Slot<InetAddress> ipv6() {
        return ipv6;
    }

    Slot<ServiceHost> hosts() {
        return hosts;
    }

    /** The hosts that have to be known as long as this is. */
    List<ServiceHost> named() {
        return answer.hosts();
    }

    /** Takes over what an older version of the bundle knew; the slots are filled before. */
    void restore(NameAnswer known, int failuresInRow, boolean wasDown) {
        answer = known;
        server = known.usable() ? known.server() : "";
        failures = failuresInRow;
        down = wasDown;
    }

    int failures() {
        return failures;
    }

    boolean down() {
        return down;
    }
}
