// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Judges a new version by what became of its flows, compared with those of whoever served before: until the switch, and beside it since. It has to be
 * worse than both ({@link Share#exceeds}). Immutable.
 *
 * @param bundle symbolic name
 * @param older version it replaced; empty if there was none
 * @param newer the version
 * @param watched what was seen before the version was there, when the loops began to be watched
 * @param before what was seen right before the switch
 */
record BakeVerdict(String bundle, String older, String newer, Sample watched, Sample before) {
    /** A peek ends after three seconds, whatever the client does; a flow that still peeks later was forgotten. */
    static final Duration STALLED = Duration.ofSeconds(4);
    /** What is taken for usual where nothing is known: half of all flows deliver something, and keep no loop. */
    private static final double UNKNOWN = 0.5;
    /** First bytes are late that come after so many buckets more than nine of ten did; each bucket is twice the one before. */
    private static final int LATE_BUCKETS = 2;
    /** Nobody minds less, and code that has just been loaded takes some: the bucket of 16 ms. */
    private static final int LEAST_BUCKET = 4;
    private static final Set<CloseReason> DEFECTS = Set.of(CloseReason.INTERNAL_ERROR, CloseReason.HANDLER_STALLED);
    /** What the engine ends flows for when there is no room, and what drains do. */
    private static final Set<CloseReason> NOBODYS = Set.of(CloseReason.DRAINED, CloseReason.MAX_CONNECTIONS, CloseReason.PEEK_CAPACITY,
        CloseReason.BUFFERS_FULL);

    /** Why the version must go; empty while nothing speaks against it. */
    Optional<String> judge(Sample now) {
        Optional<String> cause = newer(now).map(view -> judge(view, now)).flatMap(Optional::stream).findFirst();
        if (cause.isPresent()) {
            return cause;
        }
        List<FlowView> stalled = stalled(now);
        if (!stalled.isEmpty()) {
            return Optional.of(stalled.size() + " of its flows did nothing for " + STALLED.toSeconds() + " s");
        }
        return readiness(now);
    }

    /** Why what was seen proves nothing, to follow "not proven: "; empty if enough was seen, or if flows have nothing of the version. */
    Optional<String> unproven(Sample now) {
        List<ProviderView> parts = newer(now).toList();
        long most = parts.stream().mapToLong(view -> spell(view).opened()).max().orElse(Share.LEAST);
        return most >= Share.LEAST ? Optional.empty() : Optional.of(most + (most == 1 ? " flow" : " flows"));
    }

    private Stream<ProviderView> newer(Sample now) {
        return now.providers().stream().filter(view -> view.bundle().equals(bundle) && view.version().equals(newer));
    }

    /** Flows that the version forgot. */
    List<FlowView> stalled(Sample now) {
        return now.flows().stream().filter(flow -> stalled(flow, bundle, newer)).toList();
    }

    /** Whether a version has forgotten a flow of its own. */
    static boolean stalled(FlowView flow, String bundle, String version) {
        return flow.state() == FlowView.State.PEEKING && version.equals(flow.handlers().get(bundle)) && flow.age().compareTo(STALLED) > 0;
    }

    /** Since the switch. A version that ran before, and was taken back, has counters from that time. */
    private Spell spell(ProviderView now) {
        return new Spell(before.same(now), now);
    }

    private Optional<String> judge(ProviderView view, Sample now) {
        Spell its = spell(view);
        if (its.faults() > 0) {
            return Optional.of("its " + view.kind() + " " + role(view) + " threw " + its.faults() + " times");
        }
        for (CloseReason reason : DEFECTS) {
            long closed = its.closed(reason);
            if (closed > 0) {
                return Optional.of(closed + " of its flows ended as " + reason.code());
            }
        }
        Former former = former(view, now);
        return Stream.<Function<Spell, Optional<String>>>of(spell -> refusals(spell, former), spell -> undelivered(spell, former),
                spell -> late(spell, former), spell -> slow(spell, former))
            .map(question -> question.apply(its)).flatMap(Optional::stream).findFirst();
    }

    /**
     * Whoever served before.
     *
     * @param until what it did before the switch
     * @param watched the same since the loops were watched
     * @param beside what it has done since
     */
    private record Former(Optional<Spell> until, Optional<Spell> watched, Optional<Spell> beside) {
        /** Whether a share is larger than it was, and larger than that of what goes on beside it, as far as enough is known of these. */
        boolean exceeded(Share now, Function<Spell, Share> was, Function<Spell, Share> is, double unknown) {
            // An outage of last week is nothing to measure by: what was better, all of the time or right before the switch, is usual.
            double usual = Stream.of(until, watched).flatMap(Optional::stream).map(was).filter(Share::proves).mapToDouble(Share::most).min()
                .orElse(unknown);
            Optional<Share> meanwhile = beside.map(is).filter(Share::proves);
            return now.exceeds(usual) && meanwhile.map(now::exceeds).orElse(true);
        }

        /** To follow a share of the new version's flows. */
        String was(Function<Spell, Share> share) {
            return until.map(share).filter(Share::proves).map(known -> ", before it were " + known.percent())
                .orElse(", and too few were seen before it");
        }
    }

    /** What served the same before: an older version of the bundle, or another bundle. */
    private Former former(ProviderView view, Sample now) {
        Optional<ProviderView> until = before.providers().stream().filter(other -> other.bundle().equals(bundle) && other.version().equals(older)
            && Sample.same(other, view)).findFirst().or(() -> before.providers().stream().filter(other -> other.serving()
            && Sample.same(other, view) && !(other.bundle().equals(bundle) && other.version().equals(newer))).findFirst());
        return new Former(until.map(its -> new Spell(Optional.empty(), its)), until.map(its -> new Spell(watched.same(its), its)),
            until.flatMap(its -> now.same(its).map(goesOn -> new Spell(until, goesOn))));
    }

    private Optional<String> refusals(Spell its, Former former) {
        ProviderView view = its.to();
        if (view.role() == ProviderView.Role.POLICY) {
            Share refused = its.refused();
            return former.exceeded(refused, Spell::refused, Spell::refused, 0)
                ? Optional.of("its " + view.kind() + " policy refused " + refused.percent() + " of its flows" + former.was(Spell::refused))
                : Optional.empty();
        }
        for (CloseReason reason : reasons(view)) {
            Function<Spell, Share> share = spell -> spell.endedAs(reason);
            Share ended = share.apply(its);
            if (former.exceeded(ended, share, spell -> spell.endedAsOfEnded(reason), 0)) {
                return Optional.of(ended.percent() + " of its flows ended as " + reason.code() + former.was(share));
            }
        }
        return Optional.empty();
    }

    /** All but those that clients and operators end flows for, and those of others. */
    private List<CloseReason> reasons(ProviderView view) {
        Set<CloseReason> known = Set.copyOf(CloseReason.known());
        return view.closed().keySet().stream().filter(reason -> known.contains(reason) || view.reasons().contains(reason))
            .filter(reason -> reason.by() == CloseReason.Side.SELF || reason.by() == CloseReason.Side.UPSTREAM)
            .filter(reason -> !NOBODYS.contains(reason)).sorted(Comparator.comparing(CloseReason::code)).toList();
    }

    private Optional<String> undelivered(Spell its, Former former) {
        Share undelivered = its.undelivered();
        Share empty = its.empty();
        // Where nothing is known of before, traffic of one way is none of the version's doing.
        if (former.exceeded(empty, Spell::empty, Spell::undeliveredOfEnded, UNKNOWN)) {
            return Optional.of(empty.percent() + " of its flows delivered nothing" + former.was(Spell::empty));
        }
        return former.exceeded(undelivered, Spell::undelivered, Spell::undeliveredOfEnded, 1)
            ? Optional.of(undelivered.percent() + " of its flows did not deliver bytes both ways" + former.was(Spell::undelivered))
            : Optional.empty();
    }

    private Optional<String> late(Spell its, Former former) {
        List<Double> bounds = its.buckets().bounds();
        Optional<Integer> usual = former.until().flatMap(Spell::usualBucket)
            .map(bucket -> Math.max(LEAST_BUCKET, bucket + LATE_BUCKETS)).filter(bucket -> bucket < bounds.size());
        return usual.filter(bucket -> former.exceeded(its.later(bucket), spell -> spell.later(bucket), spell -> spell.later(bucket), 1))
            .map(bucket -> its.later(bucket).percent() + " of its flows had their target's first byte later than "
                + Math.round(bounds.get(bucket) * 1000) + " ms" + former.was(spell -> spell.later(bucket)));
    }

    private static Optional<String> slow(Spell its, Former former) {
        Share slow = its.slowTurns();
        Former seen = new Former(former.watched(), former.watched(), former.beside());
        return seen.exceeded(slow, Spell::slowTurns, Spell::slowTurns, UNKNOWN)
            ? Optional.of("its " + its.to().kind() + " " + role(its.to()) + " kept the loop for milliseconds in " + slow.percent() + " of its flows"
                + seen.was(Spell::slowTurns)) : Optional.empty();
    }

    private static String role(ProviderView provider) {
        return provider.role().name().toLowerCase(Locale.ROOT);
    }

    /** A part that is ill and was well, or whose check gives no answer any more: one that has come with the version may be ill, and has to answer. */
    private Optional<String> readiness(Sample now) {
        return now.parts().stream().filter(part -> part.failed() ? !watched.failed(part.name()) : !part.ready() && before.well(part.name()))
            .flatMap(part -> Stream.concat(part.problems().stream(), part.degraded().stream()).limit(1)
                .map(problem -> "the node's part " + part.name() + " is not ready any more: " + problem.text())).findFirst();
    }
}
