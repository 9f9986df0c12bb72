// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.flow.spi.NameService;
import io.portunus.flow.spi.ServiceHost;
import io.portunus.model.Hostnames;
import io.portunus.model.ServiceNames;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The names and what is remembered of them. Thread-safe: an answer in memory is read by the caller, everything else is done on the one thread
 * of the resolver.
 */
final class Names implements NameService {
    /** Callers that wait for names at once; one more is answered that there is no room. */
    static final int MAX_WAITING = 16_384;
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    /** How often names that are of no use any more are forgotten. */
    private static final Duration SWEEP = Duration.ofMinutes(1);
    /** How often the files of the system are looked at, besides by each look-up. */
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** After this a refresh that found no room tries again. */
    private static final Duration NO_ROOM = Duration.ofMillis(500);
    /** Over how long kept names are looked up again when the servers have changed. */
    private static final Duration SPREAD = Duration.ofSeconds(1);
    /** Who "answered" for what the file of hosts has. */
    private static final String HOSTS = "hosts";
    private final Timers timers;
    private final Exchange exchange;
    private final SystemNames system;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Servers servers;
    /** At most {@link DnsSettings#maxNames}; written by the resolver's thread only. */
    private final Map<String, NameEntry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    /** Replaced as a whole by the component, read by any thread. */
    private volatile DnsSettings settings;
    /** Replaced as a whole by who routes, read by any thread. */
    private volatile Set<String> kept = Set.of();
    /** The names that are kept and the hosts that kept services name; replaced as a whole. Confined to the resolver's thread. */
    private Set<String> needed = Set.of();
    /** What the kept services named when that was found. Confined to the resolver's thread. */
    private final Map<String, List<ServiceHost>> named = new HashMap<>();
    /** Replaced with the settings. Confined to the resolver's thread. */
    private DeniedAddresses denied;
    private volatile boolean closed;
    /** The entries that are looked up, at most {@link DnsSettings#maxLookups}, be they remembered or not. Confined to the resolver's thread. */
    private final Map<String, NameEntry> active = new HashMap<>();

    /** @param random for the numbers of questions as well as for jitter, so it must not be guessable */
    Names(Timers timers, Exchange exchange, SystemNames system, InstantSource clock, RandomGenerator random, DnsSettings settings) {
        this.timers = timers;
        this.exchange = exchange;
        this.system = system;
        this.clock = clock;
        this.random = random;
        this.servers = new Servers(clock);
        this.settings = settings;
        this.denied = new DeniedAddresses(settings.deny());
        timers.execute(() -> {
            system.changed();
            lookLater();
            sweepLater();
        });
    }

    static NameAnswer nothing(Instant until, Problem why) {
        return new NameAnswer(List.of(), List.of(), until, false, "", Optional.of(why));
    }

    @Override
    public Cancellable resolve(String name, Executor on, Consumer<NameAnswer> answer) {
        Waiter waiter = new Waiter(on, answer);
        String key = name.toLowerCase(Locale.ROOT);
        Instant now = clock.instant();
        NameEntry entry = entries.get(key);
        if (entry != null && entry.current(now)) {
            entry.use(now);
            waiter.give(entry.answer());
            return waiter;
        }
        Optional<NameAnswer> plain = entry == null ? withoutAsking(key, now) : Optional.empty();
        if (plain.isPresent()) {
            waiter.give(plain.get());
        } else if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            waiter.give(nothing(now, Problem.OVERLOADED));
        } else {
            enqueue(key, waiter);
        }
        return waiter;
    }

    /** Addresses need no look-up, and what is no name gets none. */
    private Optional<NameAnswer> withoutAsking(String name, Instant now) {
        if (Hostnames.looksLikeAddress(name)) {
            return Optional.of(Literals.address(name).map(a -> ofAddress(a, now)).orElseGet(() -> nothing(now, Problem.OTHER)));
        }
        return canBeAsked(name) ? Optional.empty() : Optional.of(nothing(now, Problem.OTHER));
    }

    /** A dot at the end marks a name as whole. */
    private static boolean canBeAsked(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return Hostnames.isName(bare) || ServiceNames.isService(name);
    }

    private NameAnswer ofAddress(InetAddress address, Instant now) {
        List<InetAddress> one = List.of(address);
        boolean four = address instanceof Inet4Address;
        return new NameAnswer(four ? one : List.of(), four ? List.of() : one, now.plus(settings.maxTtl()), false, "", Optional.empty());
    }

    private void enqueue(String name, Waiter waiter) {
        try {
            timers.execute(() -> ask(name, waiter));
        } catch (RejectedExecutionException ended) {
            hand(waiter, known(name).orElseGet(() -> nothing(clock.instant(), Problem.OTHER)));
        }
    }

    /** The edge to the code of others, which may run on this thread: its faults keep nobody else from an answer. */
    private void hand(Waiter waiter, NameAnswer answer) {
        waiting.decrementAndGet();
        try {
            waiter.give(answer);
        } catch (RuntimeException lastResort) {
            LOG.error("Who asked for a name has a fault.", lastResort);
        }
    }

    private void ask(String name, Waiter waiter) {
        Instant now = clock.instant();
        NameEntry entry = entry(name, now);
        entry.use(now);
        Optional<NameAnswer> atHand = entry.atHand(now, closed || needed.contains(name), settings);
        if (atHand.isPresent()) {
            hand(waiter, atHand.get());
            if (!entry.current(now) && !entry.lookingUp() && !closed && active.size() < settings.maxLookups()) {
                begin(entry);
            }
        } else if (closed) {
            hand(waiter, nothing(now, Problem.OTHER));
        } else if (!entry.lookingUp() && active.size() >= settings.maxLookups() && ofSystem(name).isEmpty()) {
            hand(waiter, entry.overloaded(now, settings));
        } else if (entry.partlyFound().isPresent()) {
            // Of RFC 8305's delay nothing is left: whoever waited has had it.
            entry.learn(entry.partlyFound().get(), now, settings);
            hand(waiter, entry.answer());
        } else {
            entry.await(waiter);
            if (!entry.lookingUp()) {
                begin(entry);
            }
        }
    }

    /** The entry of a name; where there is no room for it, one that is forgotten with its look-up. */
    private NameEntry entry(String name, Instant now) {
        NameEntry known = entries.getOrDefault(name, active.get(name));
        if (known != null) {
            return known;
        }
        NameEntry made = new NameEntry(name);
        if (room(now, settings.maxNames() - 1)) {
            entries.put(name, made);
        }
        return made;
    }

    /** Drops what has ended, and if that is not enough, what nobody has used for longest. */
    private boolean room(Instant now, int most) {
        if (entries.size() > most) {
            sweep(now);
        }
        while (entries.size() > most) {
            Optional<NameEntry> oldest = entries.values().stream().filter(this::droppable)
                .min(Comparator.comparingLong(NameEntry::usedMillis));
            if (oldest.isEmpty()) {
                return false;
            }
            entries.remove(oldest.get().name());
        }
        return true;
    }

    private boolean droppable(NameEntry entry) {
        return !entry.lookingUp() && !needed.contains(entry.name());
    }

    private void sweep(Instant now) {
        entries.values().removeIf(entry -> droppable(entry) && entry.ended(now, settings));
    }

    private void sweepLater() {
        timers.after(SWEEP, () -> {
            sweep(clock.instant());
            sweepLater();
        });
    }

    /** What the files hold now may make another answer of each name. */
    private void lookLater() {
        timers.after(LOOK, () -> {
            if (system.changed()) {
                LOG.info("A file of the system says something else of names; they are looked up anew.");
                askAllAnew();
            }
            lookLater();
        });
    }

    private void askAllAnew() {
        entries.values().forEach(this::renew);
        List.copyOf(active.values()).forEach(this::askAnew);
    }

    /** Services are in no file of hosts. */
    private Optional<List<InetAddress>> ofSystem(String name) {
        return ServiceNames.isService(name) ? Optional.empty() : system.hosts(name);
    }

    private void begin(NameEntry entry) {
        Optional<List<InetAddress>> hosts = ofSystem(entry.name());
        if (hosts.isPresent()) {
            entry.learn(ofHosts(hosts.get()), clock.instant(), settings);
            settled(entry);
            return;
        }
        ResolvConf conf = system.resolvConf();
        Lookup lookup = new Lookup(asking(conf), conf.candidates(absolute(entry.name()), entry.name().endsWith(".")),
            ServiceNames.isService(entry.name()), result -> partly(entry, result), result -> done(entry, result));
        active.put(entry.name(), entry);
        entry.lookup(lookup);
        lookup.begin();
    }

    /** How the system is configured to ask its servers does not hold for others. */
    private Asking asking(ResolvConf conf) {
        boolean ofSystem = settings.servers().isEmpty();
        ResolvConf.Options options = ofSystem ? conf.options() : conf.options().ofNames();
        List<InetSocketAddress> listed = ofSystem ? conf.servers() : settings.servers();
        return new Asking(timers, exchange, servers, options.rotate() ? servers.inTurn(listed) : listed, settings.timeout(), random, options, denied);
    }

    /** What the file has is looked at again as often as any answer. */
    private static FamilyAnswers ofHosts(List<InetAddress> addresses) {
        return FamilyAnswers.ofHost(family(addresses.stream().filter(Inet4Address.class::isInstance).toList()),
            family(addresses.stream().filter(a -> !(a instanceof Inet4Address)).toList()));
    }

    private static FamilyAnswer<InetAddress> family(List<InetAddress> addresses) {
        return addresses.isEmpty() ? FamilyAnswer.none(Problem.NODATA, Duration.ZERO, HOSTS)
            : FamilyAnswer.found(addresses, Duration.ZERO, HOSTS);
    }

    private static Name absolute(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new AssertionError("a host name that is no name: " + name, e);
        }
    }

    /** Learnt whether somebody waits or not, for those who come while the other family is waited for. */
    private void partly(NameEntry entry, FamilyAnswers result) {
        entry.learn(result, clock.instant(), settings);
        entry.release().forEach(waiter -> hand(waiter, entry.answer()));
    }

    private void done(NameEntry entry, FamilyAnswers result) {
        active.remove(entry.name());
        entry.lookup(null);
        entry.learn(result, clock.instant(), settings);
        settled(entry);
    }

    private void settled(NameEntry entry) {
        NameAnswer answer = entry.answer();
        LOG.atDebug().addKeyValue("name", entry.name()).addKeyValue("ipv4", answer.ipv4()).addKeyValue("ipv6", answer.ipv6())
            .addKeyValue("hosts", answer.hosts()).addKeyValue("until", answer.validUntil()).addKeyValue("stale", answer.stale())
            .addKeyValue("server", answer.server()).addKeyValue("problem", answer.problem().map(Problem::code).orElse("")).log("looked up");
        entry.release().forEach(waiter -> hand(waiter, answer));
        refreshLater(entry);
        if (kept.contains(entry.name()) && !entry.named().equals(named.getOrDefault(entry.name(), List.of()))) {
            refreshKept();
        }
    }

    private void refreshLater(NameEntry entry) {
        if (needed.contains(entry.name()) && !closed) {
            Duration delay = entry.refreshAgainIn(clock.instant(), settings, random);
            entry.refresh(timers.after(delay, () -> refresh(entry)));
        } else {
            entry.cancelRefresh();
        }
    }

    /** Refreshes take half of the room for look-ups at most, so that they never keep a connection from its own. */
    private void refresh(NameEntry entry) {
        entry.cancelRefresh();
        if (closed || !needed.contains(entry.name()) || entry.lookingUp()) {
            return;
        }
        if (active.size() >= Math.max(1, settings.maxLookups() / 2)) {
            entry.refresh(timers.after(NO_ROOM, () -> refresh(entry)));
        } else {
            begin(entry);
        }
    }

    @Override
    public Optional<NameAnswer> known(String name) {
        NameEntry entry = entries.get(name.toLowerCase(Locale.ROOT));
        if (entry == null) {
            return Optional.empty();
        }
        NameAnswer answer = entry.answer();
        if (entry.current(clock.instant())) {
            return Optional.of(answer);
        }
        return Optional.of(answer).filter(NameAnswer::usable)
            .map(a -> a.until(a.validUntil(), true));
    }

    @Override
    public void keep(Set<String> names) {
        int most = settings.maxNames();
        if (names.size() > most) {
            LOG.atWarn().addKeyValue("names", names.size()).addKeyValue("max_names", most)
                .log("Some names are looked up only when a connection needs them; raise dns.max_names.");
        }
        kept = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).filter(Names::canBeAsked).sorted()
            .limit(most).collect(Collectors.toUnmodifiableSet());
        onThread(this::refreshKept);
    }

    private void refreshKept() {
        Instant now = clock.instant();
        needed = withHosts(kept);
        entries.values().stream().filter(entry -> !needed.contains(entry.name())).forEach(NameEntry::cancelRefresh);
        for (String name : needed) {
            NameEntry entry = entry(name, now);
            if (!entry.refreshSet() && !entry.lookingUp() && entries.get(name) == entry) {
                entry.refresh(timers.after(entry.refreshIn(now, settings, random), () -> refresh(entry)));
            }
        }
    }

    /** With the hosts that services among them name, as far as there is room. */
    private Set<String> withHosts(Set<String> names) {
        named.clear();
        names.stream().filter(ServiceNames::isService).flatMap(name -> Optional.ofNullable(entries.get(name)).stream())
            .filter(entry -> !entry.named().isEmpty()).forEach(entry -> named.put(entry.name(), entry.named()));
        return named.isEmpty() ? names
            : Stream.concat(names.stream(), named.values().stream().flatMap(List::stream).map(ServiceHost::absolute)).distinct()
                .limit(settings.maxNames()).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Takes other settings; when the servers are others, everything is asked for again, kept names in the background. When other addresses are
     * denied, what is remembered serves no more.
     */
    void settings(DnsSettings others) {
        boolean sameServers = others.servers().equals(settings.servers());
        settings = others;
        onThread(() -> {
            room(clock.instant(), others.maxNames());
            boolean sameDenied = others.deny().equals(denied.blocks());
            if (!sameDenied) {
                denied = new DeniedAddresses(others.deny());
                entries.values().forEach(entry -> entry.forget(clock.instant()));
            }
            if (!sameServers || !sameDenied) {
                askAllAnew();
            }
        });
    }

    private void askAnew(NameEntry entry) {
        entry.cancelLookup();
        active.remove(entry.name());
        begin(entry);
    }

    private void renew(NameEntry entry) {
        if (needed.contains(entry.name())) {
            Duration delay = Duration.ofMillis((long) (SPREAD.toMillis() * random.nextDouble()));
            entry.refresh(timers.after(delay, () -> refresh(entry)));
        } else {
            entry.end(clock.instant());
        }
    }

    private void onThread(Runnable act) {
        try {
            timers.execute(act);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the resolver has ended", ended);
        }
    }

    /** For the hand-over, on the thread only. */
    Map<String, NameEntry> entries() {
        return entries;
    }

    /** For the hand-over, on the thread only: an entry to fill, if the name may be remembered and is not. */
    Optional<NameEntry> reserve(String name) {
        if (!canBeAsked(name) || entries.containsKey(name)) {
            return Optional.empty();
        }
        NameEntry made = entry(name, clock.instant());
        return entries.get(name) == made ? Optional.of(made) : Optional.empty();
    }

    Set<String> kept() {
        return kept;
    }

    /** Looks nothing up any more. Who waits gets what is remembered, and so does who comes later. */
    void close() {
        closed = true;
        onThread(() -> {
            entries.values().forEach(NameEntry::cancelRefresh);
            Instant now = clock.instant();
            for (NameEntry entry : active.values()) {
                entry.cancelLookup();
                entry.release().forEach(w -> hand(w, entry.atHand(now, true, settings).orElseGet(() -> nothing(now, Problem.OTHER))));
            }
            active.clear();
        });
    }
}
