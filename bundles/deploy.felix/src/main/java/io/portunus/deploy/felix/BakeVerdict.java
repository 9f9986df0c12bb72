// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowView;
import io.portunus.flow.api.ProviderView;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges a new version by what became of its flows, compared with those of the version it replaced. Immutable.
 *
 * @param bundle symbolic name
 * @param older version it replaced; empty if there was none
 * @param newer the version
 * @param before what was seen right before the switch
 */
record BakeVerdict(String bundle, String older, String newer, Sample before) {
    /** A peek ends after three seconds, whatever the client does; a flow that still peeks later was forgotten. */
    static final Duration STALLED = Duration.ofSeconds(4);
    /** Fewer closes of a cause prove nothing. */
    static final long FEW = 5;
    /** How much larger than twice the old share the new one may be: a tenth of a version's flows may be one scanner. */
    static final double TOLERANCE = 0.20;
    /** A check that was not there before was not well before. */
    private static final Problem SICK = Problem.of(ProblemCode.COMPONENT_MISSING, "", "");
    private static final Set<CloseReason> DEFECTS = Set.of(CloseReason.INTERNAL_ERROR, CloseReason.HANDLER_STALLED);
    /** Beside these, the reasons that a part of the version has of its own. */
    private static final Set<CloseReason> REFUSALS = Set.of(CloseReason.NOT_TLS, CloseReason.NOT_RECOGNISED, CloseReason.HELLO_MALFORMED,
        CloseReason.PEEK_TIMEOUT, CloseReason.NO_MATCHING_NAME, CloseReason.NO_NAME, CloseReason.CONNECT_FAILED, CloseReason.NO_HANDLER);

    /** Why the version must go; empty while nothing speaks against it. */
    Optional<String> judge(Sample now) {
        for (ProviderView provider : now.providers()) {
            if (provider.bundle().equals(bundle) && provider.version().equals(newer)) {
                Optional<String> cause = judge(provider);
                if (cause.isPresent()) {
                    return cause;
                }
            }
        }
        List<FlowView> stalled = stalled(now);
        if (!stalled.isEmpty()) {
            return Optional.of(stalled.size() + " of its flows did nothing for " + STALLED.toSeconds() + " s");
        }
        return readiness(now);
    }

    /** Flows that the version forgot. */
    List<FlowView> stalled(Sample now) {
        return now.flows().stream().filter(flow -> stalled(flow, bundle, newer)).toList();
    }

    /** Whether a version has forgotten a flow of its own. */
    static boolean stalled(FlowView flow, String bundle, String version) {
        return flow.state() == FlowView.State.PEEKING && version.equals(flow.handlers().get(bundle)) && flow.age().compareTo(STALLED) > 0;
    }

    private Optional<String> judge(ProviderView now) {
        // A version that ran before, and was taken back, has counters from that time.
        Optional<ProviderView> start = same(now, newer);
        long faults = now.faults() - start.map(ProviderView::faults).orElse(0L);
        if (faults > 0) {
            return Optional.of("its " + now.kind() + " " + role(now) + " threw " + faults + " times");
        }
        for (CloseReason reason : DEFECTS) {
            long closed = closes(now, start, reason);
            if (closed > 0) {
                return Optional.of(closed + " of its flows ended as " + reason.code());
            }
        }
        long all = total(now) - start.map(BakeVerdict::total).orElse(0L);
        for (CloseReason reason : refusals(now)) {
            long closed = closes(now, start, reason);
            double share = all <= 0 ? 0 : (double) closed / all;
            double usual = same(now, older).map(old -> share(old, reason)).orElse(0.0);
            if (closed >= FEW && share > 2 * usual + TOLERANCE) {
                return Optional.of(Math.round(share * 100) + " % of its flows ended as " + reason.code() + ", before it were "
                    + Math.round(usual * 100) + " %");
            }
        }
        return Optional.empty();
    }

    /** A reason of somebody else's proves nothing of this version; one of its own does, if it is the appliance that ends flows for it. */
    private static List<CloseReason> refusals(ProviderView provider) {
        return Stream.concat(REFUSALS.stream(), provider.reasons().stream().filter(reason -> reason.by() == CloseReason.Side.SELF))
            .distinct().sorted(Comparator.comparing(CloseReason::code)).toList();
    }

    private Optional<ProviderView> same(ProviderView provider, String version) {
        return before.providers().stream().filter(other -> other.bundle().equals(bundle) && other.version().equals(version)
            && other.role() == provider.role() && other.kind().equals(provider.kind())).findFirst();
    }

    private static long closes(ProviderView now, Optional<ProviderView> start, CloseReason reason) {
        return now.closed().getOrDefault(reason, 0L) - start.map(view -> view.closed().getOrDefault(reason, 0L)).orElse(0L);
    }

    private static double share(ProviderView provider, CloseReason reason) {
        long all = total(provider);
        return all == 0 ? 0 : (double) provider.closed().getOrDefault(reason, 0L) / all;
    }

    private static long total(ProviderView provider) {
        return provider.closed().values().stream().mapToLong(Long::longValue).sum();
    }

    private static String role(ProviderView provider) {
        return provider.role().name().toLowerCase(Locale.ROOT);
    }

    private Optional<String> readiness(Sample now) {
        return now.readiness().entrySet().stream()
            .filter(check -> !check.getValue().isEmpty() && before.readiness().getOrDefault(check.getKey(), List.of(SICK)).isEmpty())
            .findFirst()
            .map(check -> "the node's part " + check.getKey() + " is not ready any more: " + check.getValue().getFirst().text());
    }
}
