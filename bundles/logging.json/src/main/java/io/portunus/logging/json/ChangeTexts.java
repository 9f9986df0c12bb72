// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.node.api.Actor;
import io.portunus.node.api.Change;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A change as a list of texts, by which one version of this bundle gives it to another. Stateless. */
final class ChangeTexts {
    private static final int COUNT = 8;

    private ChangeTexts() {
    }

    static List<String> of(Change change) {
        return List.of(change.at().toString(), change.by().face(), change.by().name(), change.what(), change.subject(), change.before(),
            change.after(), change.outcome());
    }

    /** What was given; empty if that is no change as this version knows it. */
    static Optional<Change> parse(Object given) {
        List<String> texts = given instanceof List<?> list ? list.stream().flatMap(each -> each instanceof String text ? Stream.of(text)
            : Stream.empty()).toList() : List.of();
        if (texts.size() < COUNT) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Change(Instant.parse(texts.get(0)), new Actor(texts.get(1), texts.get(2)), texts.get(3), texts.get(4),
                texts.get(5), texts.get(6), texts.get(7)));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }
}
