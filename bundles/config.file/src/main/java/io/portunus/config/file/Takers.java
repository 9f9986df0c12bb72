// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableTaker;
import io.portunus.config.api.Tables;
import io.portunus.config.api.Taken;
import io.portunus.config.api.Taken.Unbound;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who put in force what tables say, and what should never happen to them. Thread-safe; who calls sees to it that calls do not overlap. */
final class Takers {
    private static final Logger LOG = LoggerFactory.getLogger(Takers.class);

    private final List<TableTaker> all = new CopyOnWriteArrayList<>();

    void add(TableTaker taker) {
        all.add(taker);
    }

    void remove(TableTaker taker) {
        all.remove(taker);
    }

    /** Of two of a kind the one that was there first. */
    private Optional<TableTaker> of(String kind) {
        return all.stream().filter(taker -> taker.kind().equals(kind)).findFirst();
    }

    /** What keeps a file from being taken because nobody is there who would. */
    List<Problem> missing(Config config) {
        return config.tables().keySet().stream().sorted().filter(kind -> of(kind).isEmpty())
            .map(kind -> Problem.of(ProblemCode.COMPONENT_MISSING, kind, "what puts the tables [[" + kind + "]] in force is not there, as while the"
                + " engine is made anew; reload again when it is back")).toList();
    }

    /** Gives the tables of a kind; empty if there are none, or nobody who takes them. */
    Optional<Taken> take(Config config, String kind) {
        return call(config, kind, TableTaker::take);
    }

    /** Gives all tables, or none: if some are refused, those that were taken already are taken back. */
    Taken take(Config before, Config after) {
        List<Taken> done = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (String kind : new TreeMap<>(after.tables()).keySet()) {
            Taken taken = take(after, kind).orElse(Taken.WELL);
            if (!taken.inForce()) {
                kinds.forEach(earlier -> take(before, earlier));
                return taken;
            }
            kinds.add(kind);
            done.add(taken);
        }
        return together(done);
    }

    /** Has everything tried again that does not work. */
    Taken retry(Config config) {
        return together(new TreeMap<>(config.tables()).keySet().stream().flatMap(kind -> call(config, kind, TableTaker::retry).stream())
            .toList());
    }

    private Optional<Taken> call(Config config, String kind, BiFunction<TableTaker, Tables, Taken> method) {
        Optional<Tables> tables = Optional.ofNullable(config.tables().get(kind));
        Optional<TableTaker> taker = of(kind);
        if (tables.isEmpty() || taker.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(method.apply(taker.get(), tables.get()));
        } catch (RuntimeException lastResort) {
            LOG.atError().addKeyValue("event", "rules.publish_failed").addKeyValue("table", kind).setCause(lastResort)
                .log("the tables could not be put in force");
            return Optional.of(Taken.refused(List.of(Problem.of(ProblemCode.COMPONENT_MISSING, kind,
                "the tables could not be put in force (" + lastResort + "); the log has the trace"))));
        }
    }

    private static Taken together(List<Taken> parts) {
        List<Problem> refused = parts.stream().flatMap(part -> part.refused().stream()).toList();
        List<Unbound> unbound = parts.stream().flatMap(part -> part.unbound().stream()).toList();
        return new Taken(refused, unbound, parts.stream().flatMap(part -> part.passive().stream()).toList());
    }
}
