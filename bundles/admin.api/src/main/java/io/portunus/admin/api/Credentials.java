// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a request brings to say who makes it. Immutable; its text has no value of a field, so none gets into a log.
 *
 * @param fields header fields that came exactly once, by their names in lower case; of one that came twice nobody knows which is meant
 * @param address the peer's IP address, empty if it is not known
 */
public record Credentials(Map<String, String> fields, String address) {
    /** Credentials with a map of their own. */
    public Credentials {
        fields = Map.copyOf(fields);
    }

    /**
     * Value of a header field; empty if it is missing or came more than once.
     *
     * @param name its name, in any case
     */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public String toString() {
        return "credentials from " + address;
    }
}
