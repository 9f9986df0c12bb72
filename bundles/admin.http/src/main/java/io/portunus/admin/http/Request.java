// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Durations;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a resource sees of a request.
 *
 * @param variables values of the braces of {@link Resource#template()}
 * @param parameters query parameters; only those of {@link Resource#parameters()}, each at most once
 * @param sender what its header and its connection tell
 * @param body read as it comes, on the thread that works; empty unless the resource has {@link Resource#maxBodyBytes}
 */
record Request(Map<String, String> variables, Map<String, String> parameters, Sender sender, InputStream body) {
    /**
     * What a request tells of who sends it.
     *
     * @param accept header {@code Accept}, empty if there was none
     * @param contentType header {@code Content-Type}, empty if there was none
     * @param address the peer's address, as far as it is known
     * @param meant whether it named this node as its host; if not, a page of another site may be behind it
     */
    record Sender(String accept, String contentType, String address, boolean meant) {
    }

    Request {
        variables = Map.copyOf(variables);
        parameters = Map.copyOf(parameters);
    }

    /** The same request with a body. */
    Request with(InputStream its) {
        return new Request(variables, parameters, sender, its);
    }

    /** Value of a brace of the template. */
    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new AssertionError("the template has no {" + name + "}");
        }
        return value;
    }

    /** Who asks, for the record of a change. */
    Actor by() {
        return new Actor("http", sender.address());
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** A time as people write it, {@code "30s"}, {@code "5m"} or {@code "2h"}. */
    Optional<Duration> duration(String name) {
        return parameter(name).map(text -> Durations.parse(text).orElseThrow(() ->
            RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name, name + " is a time such as 30s, 5m or 2h.")));
    }

    /** A whole number within bounds, both included. */
    Optional<Integer> number(String name, int least, int most) {
        return parameter(name).map(text -> {
            // Nine digits cannot leave an int.
            boolean digits = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            int value = digits ? Integer.parseInt(text) : -1;
            if (value < least || value > most) {
                throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name,
                    name + " is a whole number from " + least + " to " + most + ".");
            }
            return value;
        });
    }
}
