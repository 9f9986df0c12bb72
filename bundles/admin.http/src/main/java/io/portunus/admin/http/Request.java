// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.ProblemCode;
import java.util.Map;
import java.util.Optional;

/**
 * What a resource sees of a request. It carries no body: no resource takes one.
 *
 * @param variables values of the braces of {@link Resource#template()}
 * @param parameters query parameters; only those of {@link Resource#parameters()}, each at most once
 * @param accept header {@code Accept}, empty if there was none
 */
record Request(Map<String, String> variables, Map<String, String> parameters, String accept) {
    Request {
        variables = Map.copyOf(variables);
        parameters = Map.copyOf(parameters);
    }

    /** Value of a brace of the template. */
    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new AssertionError("the template has no {" + name + "}");
        }
        return value;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
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
