// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import io.portunus.flow.api.CloseReason;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The search for one flow's target: {@link #next} until one of its endpoints answers, each target at most once; a target that is a service
 * comes once with each of its hosts. Confined to the flow's loop.
 */
@ConsumerType
public interface TargetSelection {
    /** Asks for the next target. The answer comes on the loop, maybe before this returns; a call that was cancelled is not answered. */
    Cancellable next(Answer answer);

    /** What became of {@link #next}. */
    interface Answer {
        /**
         * A target to try.
         *
         * @param target at its place in the rule
         * @param endpoints its addresses, or those of one host of its service, in the order to be tried (RFC 8305 §4), at least one
         */
        void found(Target target, List<InetSocketAddress> endpoints);

        /** None is left, and this is why the flow ends. */
        void none(CloseReason reason);
    }

    /** The target found last took the connection. */
    void connected(InetSocketAddress endpoint, Duration took);

    /**
     * The target found last has not answered in the time that the rule's {@link io.portunus.model.SilencePolicy} gives it. The flow stays with it,
     * and may still report that it connected. Called once a target at most, and only where the rule has such a policy.
     */
    default void unanswered() {
    }

    /** None of the endpoints of the target found last did; or it did, and is found to be gone, which only datagrams have. Then it is left, too. */
    void failed(Failure why);

    /** Why a target could not be used. */
    enum Failure {
        /** Nobody listens there. */
        REFUSED("refused", CloseReason.CONNECT_FAILED),
        /** No answer in time. */
        TIMEOUT("timeout", CloseReason.CONNECT_TIMEOUT),
        /** There is no way there. */
        UNREACHABLE("unreachable", CloseReason.CONNECT_FAILED),
        /**
         * This machine could not even ask: no local port or descriptor is left, or the source address is not its own (connect(2):
         * EADDRNOTAVAIL, EMFILE). That is no sign of the target's state.
         */
        LOCAL("local", CloseReason.CONNECT_IMPOSSIBLE),
        /** It was reached, but did not take the header before the bytes. */
        HEADER("header", CloseReason.CONNECT_FAILED),
        /** It was reached, but what the rule requires below the bytes, such as encryption, was not settled with it. */
        LAYER("layer", CloseReason.CONNECT_FAILED);

        private final String code;
        private final CloseReason reason;

        Failure(String code, CloseReason reason) {
            this.code = code;
            this.reason = reason;
        }

        /** The reason as surfaces show it. */
        public String code() {
            return code;
        }

        /** Why a flow ends whose last target failed so. */
        public CloseReason reason() {
            return reason;
        }
    }

    /** Gives back what the selection holds, such as a place among the target's connections. Called once, when the flow is done with the target. */
    void release();
}
