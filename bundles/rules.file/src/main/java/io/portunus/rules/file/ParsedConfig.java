// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Cidr;
import io.portunus.model.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a file without problems says, defaults filled in; where in the file it says so, and its comments, are no part of it. Immutable.
 *
 * @param rules its rules
 * @param admin {@code [admin]}
 * @param limits {@code [limits]}
 * @param log what it says about logs
 * @param global {@code [global]}
 * @param deploy {@code [deploy]}
 * @param dns {@code [dns]}
 * @param stats {@code [stats]}
 * @param shell {@code [shell]}, if it is there
 */
record ParsedConfig(RuleSet rules, AdminSettings admin, LimitSettings limits, LogSettings log, GlobalSettings global, DeploySettings deploy,
        DnsSettings dns, StatsSettings stats, Optional<ShellSettings> shell) {
    /**
     * The admin surface.
     *
     * @param listen where it listens
     * @param named whether the file says so; else it is wherever there is room
     * @param hosts names by which it may be called
     */
    record AdminSettings(ListenAddress listen, boolean named, List<String> hosts) {
        AdminSettings {
            hosts = List.copyOf(hosts);
        }

        /** The same, or elsewhere if nobody named its port and the shell is there. */
        AdminSettings besides(Optional<ShellSettings> shell) {
            return !named && shell.filter(s -> s.listen().collides(listen)).isPresent() ? new AdminSettings(listen.anyPort(), false, hosts) : this;
        }
    }

    /**
     * Ceilings.
     *
     * @param maxConnections most live connections; 0 derives it from the descriptor limit
     * @param maxPeeks most connections that wait for their hello
     * @param maxTargets most targets of a rule
     * @param maxBufferBytes bytes that connections may have buffered; 0 derives it from the heap
     */
    record LimitSettings(long maxConnections, int maxPeeks, int maxTargets, long maxBufferBytes) {
    }

    /**
     * Logs.
     *
     * @param level lowest level written
     * @param format {@code json} or {@code pretty}
     * @param access what connections leave behind
     */
    record LogSettings(String level, String format, AccessSettings access) {
    }

    /**
     * Access records.
     *
     * @param enabled whether there are any
     * @param to where they go: {@code file}, {@code stdout} or {@code syslog}
     * @param path of the file; empty for the one in the state folder
     * @param maxSize bytes beyond which the file is put aside; 0 for never
     * @param keep files put aside that are kept
     * @param fields their fields; empty for all
     * @param syslog address of the collector
     */
    record AccessSettings(boolean enabled, String to, String path, long maxSize, int keep, List<String> fields, String syslog) {
        /** Copies the list. */
        AccessSettings {
            fields = List.copyOf(fields);
        }

        /** The same, switched on or off. */
        AccessSettings enabled(boolean whether) {
            return new AccessSettings(whether, to, path, maxSize, keep, fields, syslog);
        }
    }

    /**
     * The node.
     *
     * @param label its name, if it was given one
     * @param shutdownDrain how long live connections get at shut-down
     * @param transport what carries connections of rules that do not say: {@code auto}, {@code xnio} or {@code epoll}
     * @param partialStart whether it starts with the listeners that can be bound
     */
    record GlobalSettings(Optional<String> label, Duration shutdownDrain, String transport, boolean partialStart) {
    }

    /**
     * How bundles are replaced.
     *
     * @param requireSigned whether only signed bundles are taken
     * @param signers paths of PEM files with the certificates of who may sign
     * @param bake how long a new version is watched
     * @param maxVersions most versions of a bundle at once
     */
    record DeploySettings(boolean requireSigned, List<String> signers, Duration bake, int maxVersions) {
        /** Copies the list. */
        DeploySettings {
            signers = List.copyOf(signers);
        }
    }

    /**
     * How names are looked up.
     *
     * @param servers whom to ask, each with its port; empty for the system's
     * @param timeout how long a look-up may take as a whole
     * @param minTtl how long an answer is kept at least
     * @param maxTtl how long an answer is kept at most
     * @param stale how long an old answer serves while there is no new one
     * @param negativeTtl how long it is kept that there is no answer
     * @param maxNames most names that are kept
     * @param maxLookups most look-ups at once
     * @param deny addresses that no answer may bring
     */
    record DnsSettings(List<String> servers, Duration timeout, Duration minTtl, Duration maxTtl, Duration stale, Duration negativeTtl,
            int maxNames, int maxLookups, List<Cidr> deny) {
        /** Copies the lists. */
        DnsSettings {
            servers = List.copyOf(servers);
            deny = List.copyOf(deny);
        }
    }

    /**
     * The statistics socket.
     *
     * @param enabled whether there is one
     * @param socketPath where it is
     * @param named whether the file or the command line says so
     * @param fallback where it is if nobody says so and it cannot be there; empty if somebody does, or there is no state folder
     * @param refreshMs milliseconds between two snapshots
     */
    record StatsSettings(boolean enabled, String socketPath, boolean named, Optional<String> fallback, int refreshMs) {
    }

    /**
     * The shell over SSH.
     *
     * @param listen where it listens
     * @param named whether the file says so; else it is wherever there is room
     * @param authorizedKeys path of the file with the keys that may come in; empty only if there is no state folder to have one by default
     */
    record ShellSettings(ListenAddress listen, boolean named, Optional<String> authorizedKeys) {
    }

    /** The same settings with rules; a surface whose port nobody named makes room for them. */
    ParsedConfig withRules(RuleSet others) {
        AdminSettings its = new AdminSettings(room(admin.listen, admin.named, others), admin.named, admin.hosts);
        Optional<ShellSettings> ssh = shell.map(s -> new ShellSettings(room(s.listen, s.named, others), s.named, s.authorizedKeys));
        return new ParsedConfig(others, its, limits, log, global, deploy, dns, stats, ssh);
    }

    private static ListenAddress room(ListenAddress listen, boolean named, RuleSet rules) {
        return named || rules.rules().stream().noneMatch(listen::wantedBy) ? listen : listen.anyPort();
    }

    /** Names of the tables, besides the rules, that say something else than those of another file. */
    List<String> settingsThatDiffer(ParsedConfig other) {
        List<String> names = new ArrayList<>();
        differing("admin", other, ParsedConfig::admin, names);
        differing("deploy", other, ParsedConfig::deploy, names);
        differing("dns", other, ParsedConfig::dns, names);
        differing("global", other, ParsedConfig::global, names);
        differing("limits", other, ParsedConfig::limits, names);
        differing("log", other, ParsedConfig::log, names);
        differing("shell", other, ParsedConfig::shell, names);
        differing("stats", other, ParsedConfig::stats, names);
        return names;
    }

    private void differing(String name, ParsedConfig other, Function<ParsedConfig, Object> table, List<String> names) {
        if (!table.apply(this).equals(table.apply(other))) {
            names.add(name);
        }
    }
}
