// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Offer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose each kind is, as far as that was put down: the symbolic name of its owner, and behind it those whom it replaced, the last first, who get it
 * back. Immutable.
 *
 * @param lines by what is offered; none is empty
 */
record Claims(Map<Offer, List<String>> lines) {
    /** Nothing was put down. */
    static final Claims NONE = new Claims(Map.of());
    /** Those whom an owner replaced, one after the other; what is further behind is forgotten. */
    private static final int MOST_BEHIND = 8;

    Claims {
        Map<Offer, List<String>> kept = new TreeMap<>();
        lines.forEach((offer, names) -> {
            if (!names.isEmpty()) {
                kept.put(offer, List.copyOf(names.subList(0, Math.min(names.size(), 1 + MOST_BEHIND))));
            }
        });
        lines = Map.copyOf(kept);
    }

    /** Those who have, or had, something; empty for what nobody ever had. */
    List<String> of(Offer offer) {
        return Optional.ofNullable(lines.get(offer)).orElse(List.of());
    }

    /** Whether a bundle has something, or will have it back. */
    boolean has(Offer offer, String bundle) {
        return of(offer).contains(bundle);
    }

    /**
     * As they are when a bundle comes to declare these and nothing else: what it declares no more goes back, what is nobody's is its own, and so is
     * what those have whom it replaces. What others have stays with them.
     */
    Claims with(String bundle, Collection<Offer> declared, Set<String> replaces) {
        Map<Offer, List<String>> newer = new TreeMap<>(without(bundle, declared).lines());
        for (Offer offer : declared) {
            List<String> its = Optional.ofNullable(newer.get(offer)).orElse(List.of());
            if (its.isEmpty() || replaces.contains(its.getFirst())) {
                List<String> line = new ArrayList<>(List.of(bundle));
                its.stream().filter(name -> !name.equals(bundle)).forEach(line::add);
                newer.put(offer, line);
            }
        }
        return new Claims(newer);
    }

    /** As they are when a bundle has nothing any more but what it keeps. */
    Claims without(String bundle, Collection<Offer> kept) {
        Map<Offer, List<String>> newer = new TreeMap<>();
        lines.forEach((offer, names) -> newer.put(offer, kept.contains(offer) ? names
            : names.stream().filter(name -> !name.equals(bundle)).toList()));
        return new Claims(newer);
    }

    /** What has to be remembered: that in which a bundle has a part that was deployed. */
    Claims of(Set<String> deployed) {
        Map<Offer, List<String>> newer = new TreeMap<>();
        lines.forEach((offer, names) -> {
            if (names.stream().anyMatch(deployed::contains)) {
                newer.put(offer, names);
            }
        });
        return new Claims(newer);
    }
}
