// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered, for the next version of the bundle: names that are kept, and for each name its addresses and times. Times are
 * milliseconds since 1970. Thread-safe: it waits for the resolver's thread, for a bounded time.
 */
final class CacheState implements Handover {
    private static final Logger LOG = LoggerFactory.getLogger(CacheState.class);
    private static final long WAIT_SECONDS = 5;
    private static final String KEPT = "kept";
    private static final String NAMES = "names";
    private final Names names;
    private final Timers timers;

    CacheState(Names names, Timers timers) {
        this.names = names;
        this.timers = timers;
    }

    @Override
    public Map<String, Object> give() {
        Map<String, Object> state = new HashMap<>();
        onThread(() -> {
            Map<String, Object> all = new HashMap<>();
            names.entries().values().stream().filter(entry -> entry.answer().validUntil().isAfter(Instant.EPOCH))
                .forEach(entry -> all.put(entry.name(), written(entry)));
            state.put(KEPT, List.copyOf(names.kept()));
            state.put(NAMES, all);
        });
        return state;
    }

    private static Map<String, Object> written(NameEntry entry) {
        NameAnswer answer = entry.answer();
        Map<String, Object> to = new HashMap<>();
        to.put("until", answer.validUntil().toEpochMilli());
        to.put("stale", answer.stale());
        to.put("server", answer.server());
        to.put("problem", answer.problem().map(Problem::code).orElse(""));
        to.put("failures", entry.failures());
        to.put("down", entry.down());
        to.put("ipv4", written(entry.ipv4()));
        to.put("ipv6", written(entry.ipv6()));
        return to;
    }

    private static Map<String, Object> written(Slot slot) {
        return Map.of("addresses", slot.addresses().stream().map(InetAddress::getHostAddress).toList(), "until", slot.until().toEpochMilli(),
            "failing", slot.failing(), "grace", slot.failing() ? slot.graceUntil().toEpochMilli() : 0L);
    }

    @Override
    public void take(Map<String, Object> state) {
        onThread(() -> map(state, NAMES).forEach((name, value) -> {
            if (value instanceof Map<?, ?> from) {
                names.vacant(String.valueOf(name)).ifPresent(entry -> read(entry, from));
            }
        }));
        Set<String> kept = new HashSet<>(names.kept());
        texts(state, KEPT).forEach(kept::add);
        names.keep(kept);
    }

    private static void read(NameEntry entry, Map<?, ?> from) {
        read(entry.ipv4(), map(from, "ipv4"));
        read(entry.ipv6(), map(from, "ipv6"));
        String code = from.get("problem") instanceof String text ? text : "";
        Optional<Problem> problem = List.of(Problem.values()).stream().filter(p -> p.code().equals(code)).findFirst();
        boolean usable = problem.isEmpty() || flag(from, "stale") || flag(from, "down");
        String server = from.get("server") instanceof String text ? text : "";
        NameAnswer answer = new NameAnswer(usable ? entry.ipv4().addresses() : List.of(), usable ? entry.ipv6().addresses() : List.of(),
            Instant.ofEpochMilli(number(from, "until")), flag(from, "stale"), server, problem);
        entry.restore(answer, (int) number(from, "failures"), flag(from, "down"));
    }

    private static void read(Slot slot, Map<?, ?> from) {
        List<InetAddress> addresses = texts(from, "addresses").stream().flatMap(text -> Literals.address(text).stream())
            .limit(AnswerReader.MAX_ADDRESSES).toList();
        slot.restore(addresses, Instant.ofEpochMilli(number(from, "until")), flag(from, "failing"),
            Instant.ofEpochMilli(number(from, "grace")));
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        return from.get(key) instanceof Map<?, ?> value ? value : Map.of();
    }

    private static List<String> texts(Map<?, ?> from, String key) {
        return from.get(key) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    private static long number(Map<?, ?> from, String key) {
        return from.get(key) instanceof Number value ? value.longValue() : 0;
    }

    private static boolean flag(Map<?, ?> from, String key) {
        return Boolean.TRUE.equals(from.get(key));
    }

    /** The map that is filled belongs to the resolver's thread until it has ended the act; the future publishes it to the caller. */
    private void onThread(Runnable act) {
        try {
            CompletableFuture.runAsync(act, timers).get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            LOG.warn("What is remembered of names could not be handed over; they are looked up anew.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
