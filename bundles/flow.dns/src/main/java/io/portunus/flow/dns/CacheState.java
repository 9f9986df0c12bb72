// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.Hostnames;
import io.portunus.model.PortRange;
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
import java.util.function.Function;
import java.util.regex.Pattern;
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
    /** The three numbers of a record. */
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,5} ){3}");
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
        to.put("ipv4", written(entry.ipv4(), InetAddress::getHostAddress));
        to.put("ipv6", written(entry.ipv6(), InetAddress::getHostAddress));
        if (!entry.hosts().empty()) {
            to.put("hosts", written(entry.hosts(), CacheState::written));
        }
        return to;
    }

    private static <T> Map<String, Object> written(Slot<T> slot, Function<T, String> text) {
        return Map.of("addresses", slot.records().stream().map(text).toList(), "until", slot.until().toEpochMilli(),
            "failing", slot.failing(), "grace", slot.failing() ? slot.graceUntil().toEpochMilli() : 0L);
    }

    /** As zone files have it, RFC 2782. */
    private static String written(ServiceHost host) {
        return host.priority() + " " + host.weight() + " " + host.port() + " " + host.host();
    }

    private static Optional<ServiceHost> host(String text) {
        String[] words = text.split(" ");
        boolean right = words.length == 4 && NUMBERS.matcher(text).lookingAt() && Hostnames.isName(words[3]);
        return right ? Optional.of(new ServiceHost(words[3], Integer.parseInt(words[2]), Integer.parseInt(words[0]), Integer.parseInt(words[1])))
            .filter(host -> host.port() >= 1 && host.port() <= PortRange.MAX_PORT) : Optional.empty();
    }

    @Override
    public void take(Map<String, Object> state) {
        onThread(() -> map(state, NAMES).forEach((name, value) -> {
            if (value instanceof Map<?, ?> from) {
                names.reserve(String.valueOf(name)).ifPresent(entry -> read(entry, from));
            }
        }));
        Set<String> kept = new HashSet<>(names.kept());
        texts(state, KEPT).forEach(kept::add);
        names.keep(kept);
    }

    private static void read(NameEntry entry, Map<?, ?> from) {
        read(entry.ipv4(), map(from, "ipv4"), Literals::address);
        read(entry.ipv6(), map(from, "ipv6"), Literals::address);
        read(entry.hosts(), map(from, "hosts"), CacheState::host);
        String code = from.get("problem") instanceof String text ? text : "";
        Optional<Problem> problem = List.of(Problem.values()).stream().filter(p -> p.code().equals(code)).findFirst();
        boolean usable = problem.isEmpty() || flag(from, "stale") || flag(from, "down");
        String server = from.get("server") instanceof String text ? text : "";
        NameAnswer answer = new NameAnswer(usable ? entry.ipv4().records() : List.of(), usable ? entry.ipv6().records() : List.of(),
            usable ? entry.hosts().records() : List.of(), Instant.ofEpochMilli(number(from, "until")), flag(from, "stale"), server, problem);
        entry.restore(answer, (int) number(from, "failures"), flag(from, "down"));
    }

    private static <T> void read(Slot<T> slot, Map<?, ?> from, Function<String, Optional<T>> reader) {
        List<T> records = texts(from, "addresses").stream().flatMap(text -> reader.apply(text).stream()).limit(Wanted.MAX_ADDRESSES).toList();
        slot.restore(records, Instant.ofEpochMilli(number(from, "until")), flag(from, "failing"),
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
