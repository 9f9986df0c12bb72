// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import io.portunus.model.Durations;
import io.portunus.model.ProblemCode;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a resource sees of a request. Immutable but for its body, which is confined to the thread that works.
 *
 * @param variables values of the braces of {@link Resource#template()}
 * @param parameters query parameters; only those of {@link Resource#parameters()}, each at most once
 * @param sender what its header and its connection say
 * @param principal who makes it; empty for a resource without a right
 * @param body read as it comes, on the thread that works; empty unless the resource has {@link Resource#maxBodyBytes}. What is wrong with it
 *     is a {@link RefusedException}, so an {@code IOException} of whoever copies it is the fault of the copy
 */
public record Request(Map<String, String> variables, Map<String, String> parameters, Sender sender, Optional<Principal> principal,
        InputStream body) {
    /** Digits of a number that cannot leave an int. */
    private static final int MAX_DIGITS = 9;

    /**
     * What a request states of itself and of who sends it.
     *
     * @param accept header {@code Accept}, empty if there was none
     * @param contentType header {@code Content-Type}, empty if there was none
     * @param ifNoneMatch header {@code If-None-Match}, empty if there was none
     * @param address the peer's IP address, as far as it is known
     * @param meant whether it named this node as its host; if not, a page of another site may be behind it
     */
    public record Sender(String accept, String contentType, String ifNoneMatch, String address, boolean meant) {
    }

    /** A request with maps of its own. */
    public Request {
        variables = Map.copyOf(variables);
        parameters = Map.copyOf(parameters);
    }

    /** The same request with a body. */
    public Request with(InputStream its) {
        return new Request(variables, parameters, sender, principal, its);
    }

    /**
     * Value of a brace of the template.
     *
     * @throws AssertionError if the template has no such brace
     */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new AssertionError("the template has no {" + name + "}");
        }
        return value;
    }

    /** Value of a query parameter; empty if it was not given. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * A time as people write it, {@code "30s"}, {@code "5m"} or {@code "2h"}.
     *
     * @throws RefusedException if it is anything else
     */
    public Optional<Duration> duration(String name) {
        return parameter(name).map(text -> Durations.parse(text).orElseThrow(() ->
            RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name, name + " is a time such as 30s, 5m or 2h.")));
    }

    /**
     * Whether a query parameter is {@code true}; it is not where it was not given.
     *
     * @throws RefusedException if it is neither {@code true} nor {@code false}
     */
    public boolean flag(String name) {
        return parameter(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name, name + " is true or false.");
        }).orElse(false);
    }

    /**
     * A whole number within bounds, both included.
     *
     * @throws RefusedException if it is anything else
     */
    public Optional<Integer> number(String name, int least, int most) {
        return parameter(name).map(text -> {
            boolean digits = !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
            int value = digits ? Integer.parseInt(text) : -1;
            if (value < least || value > most) {
                throw RefusedException.parameter(ProblemCode.INVALID_VALUE.code(), name,
                    name + " is a whole number from " + least + " to " + most + ".");
            }
            return value;
        });
    }
}
