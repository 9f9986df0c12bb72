// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.RefusedException;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Cidr;
import io.portunus.model.ProblemCode;
import java.util.Optional;

/** A pin as a resource shows it, and the reading of its subject. */
record PinBody(Optional<String> rule, Optional<String> source, String bundle, String version) {
    static PinBody of(VersionPin pin) {
        return new PinBody(pin.rule(), pin.source().map(Cidr::toString), pin.bundle(), pin.version());
    }

    /**
     * What is pinned, of a pin of no bundle yet.
     *
     * @throws RefusedException if it is not one rule or one block of addresses
     */
    static VersionPin subject(Optional<String> rule, Optional<String> source) {
        if (rule.isEmpty() && source.isEmpty()) {
            throw RefusedException.parameter(ProblemCode.MISSING_KEY.code(), "rule", "Give the rule or the source that is pinned.");
        }
        if (rule.isPresent() && source.isPresent()) {
            throw RefusedException.parameter(ProblemCode.CONFLICTING_KEYS.code(), "source", "A pin is of a rule or of a source.");
        }
        return new VersionPin(rule, source.map(PinBody::block), "", "");
    }

    private static Cidr block(String text) {
        return Cidr.parse(text).orElseThrow(() -> RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), "source",
            "source is an address, or a block of addresses such as 192.0.2.0/24 with no bits after its prefix."));
    }
}
