// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Authentication;
import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.RefusedException;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundleGuard;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authenticator of a bundle, with what it was asked once. Thread-safe.
 *
 * @param owner who brings it
 * @param challenge its challenge
 * @param remedy what a caller has to do
 * @param authenticator the authenticator
 * @param calls the calls of it at work
 * @param nanos a clock that only goes forward
 * @param loggedNanos when it was last logged that it failed
 */
record Doorkeeper(Owner owner, String challenge, String remedy, Authenticator authenticator, ForeignCalls calls, LongSupplier nanos,
        AtomicLong loggedNanos) {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final Pattern ONE_LINE = Pattern.compile("[ -~]{1,512}");
    /** Between two lines of one authenticator that fails: whoever asks can make it fail as often as he likes. */
    private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();

    /**
     * One of a bundle.
     *
     * @throws IllegalArgumentException if its challenge is malformed; whatever else it throws
     */
    static Doorkeeper of(Owner owner, Authenticator authenticator, LongSupplier nanos, BundleGuard guard) {
        String challenge = authenticator.challenge();
        if (!ONE_LINE.matcher(challenge).matches()) {
            throw new IllegalArgumentException("its challenge is a line as Bearer");
        }
        return new Doorkeeper(owner, challenge, String.valueOf(authenticator.remedy()), authenticator,
            new ForeignCalls(owner.account(guard, "authenticator " + challenge)),
            nanos, new AtomicLong(nanos.getAsLong() - LOG_NANOS));
    }

    /**
     * Asks it, on this thread.
     *
     * @throws RefusedException if it fails, which lets nobody pass
     */
    Authentication ask(Credentials credentials, RequestTime time) {
        try {
            return calls.run(time, () -> Objects.requireNonNull(authenticator.authenticate(credentials), "it gave no answer"))
                .orElseThrow(ForeignCalls::gone);
        } catch (RefusedException refused) {
            throw refused;
        } catch (RuntimeException | Error lastResort) {
            log(lastResort);
            throw new RefusedException(401, "unauthenticated", "", "Who makes the request is not known, by a defect; the log has its trace.");
        }
    }

    private void log(Throwable failure) {
        long last = loggedNanos.get();
        long now = nanos.getAsLong();
        if (now - last >= LOG_NANOS && loggedNanos.compareAndSet(last, now)) {
            LOG.atWarn().addKeyValue("event", "admin.authenticator_failed").addKeyValue("bundle", owner.toString()).setCause(failure)
                .log("an authenticator failed, so the request was refused");
        }
    }

    /** What keeps it from its work; that it cannot report that is a problem, too. */
    List<Problem> problems() {
        try {
            return List.copyOf(authenticator.problems());
        } catch (RuntimeException | Error lastResort) {
            log(lastResort);
            return List.of(Problem.of(ProblemCode.COMPONENT_FAILED, "admin", "the authenticator of " + owner + " fails when it is asked how it is"));
        }
    }
}
