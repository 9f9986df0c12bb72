// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/** Where a connection goes, or why nowhere. */
public sealed interface Decision {
    /**
     * It goes to the route's target.
     *
     * @param route the entry that matched
     */
    record Routed(Route route) implements Decision {
    }

    /**
     * It is refused.
     *
     * @param reason why
     */
    record Refused(Refusal reason) implements Decision {
    }

    /**
     * Why a connection is refused by routing. The code is that of the reason for which its flow ends. Two with the same code are equal.
     *
     * @param code as surfaces show it, in the form of {@link CodeForm#code}
     * @param phrase what it means to whoever asks where a connection would go: a clause, without a full stop
     */
    record Refusal(String code, String phrase) {
        /** The listener routes by name, no name matches, and there is no fallback. */
        public static final Refusal NO_MATCHING_NAME = new Refusal("no_matching_name",
            "no rule of this port has the name, and none takes the rest");
        /** The listener routes by name, the client named none, and there is no fallback. */
        public static final Refusal NO_NAME = new Refusal("no_name", "it asks for no name, and no rule of this port takes the rest");
        /** The listener routes by name and the connection is not TLS. */
        public static final Refusal NOT_TLS = new Refusal("not_tls", "this port takes TLS only");
        /** The listener routes by protocol, and it is none of those that its rules require. */
        public static final Refusal NOT_RECOGNISED = new Refusal("not_recognised",
            "this port is shared by protocol, and no rule of it wants this one");
        /** Rules of the listener would take it, but not from this client. */
        public static final Refusal SOURCE_DENIED = new Refusal("source_denied", "rules of this port would take it, but not from this client");
        /** A rule of the listener may require it, but nobody who runs recognises the rule's protocol. */
        public static final Refusal NO_HANDLER = new Refusal("no_handler",
            "no_handler: a rule of this port may want it, and nobody who runs recognises the rule's protocol");
        /** The rule that it goes to names a policy that does not run. */
        public static final Refusal POLICY_MISSING = new Refusal("policy_missing", "its rule names a policy that does not run");
        /** No rule listens there. */
        public static final Refusal NO_LISTENER = new Refusal("no_listener", "nothing listens there");

        /** Checks the code. */
        public Refusal {
            CodeForm.code(code);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Refusal that && code.equals(that.code);
        }

        @Override
        public int hashCode() {
            return code.hashCode();
        }
    }
}
