// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.LoopView.Holder;
import io.portunus.flow.api.ProviderView;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds whose code a thread is in. A stack has names of classes, and several versions of a bundle have classes of one name: of these it is the one
 * that the flow holds which the thread serves, or else the one that serves new flows. Immutable.
 *
 * @param engine symbolic name of this bundle, whose code is nobody's
 * @param homes of a class's name, the bundles that have such a class and are not there for others to call
 */
record CodeOwners(String engine, Function<String, List<Holder>> homes) {
    /** Frames that are looked at: whoever recurses deeper is found in these. */
    private static final int FRAMES = 256;
    /** Knows nobody. */
    static final CodeOwners UNKNOWN = new CodeOwners("", name -> List.of());

    /**
     * Whose code a stack is in.
     *
     * @param held version of each bundle that has a part in the flow
     */
    Optional<Holder> of(StackTraceElement[] stack, Map<String, String> held, Serving serving) {
        Set<String> nobodys = serving.all(ProviderView.Role.TRANSPORT).map(its -> its.origin().bundle()).collect(Collectors.toSet());
        return Arrays.stream(stack).limit(FRAMES)
            // Classes of the JDK are in modules of a name, those of bundles are not.
            .filter(frame -> frame.getModuleName() == null).map(StackTraceElement::getClassName).distinct()
            .map(name -> homes.apply(name).stream().filter(its -> !its.bundle().equals(engine) && !nobodys.contains(its.bundle())).toList())
            .filter(found -> !found.isEmpty()).findFirst().map(found -> likeliest(found, held, serving));
    }

    private static Holder likeliest(List<Holder> found, Map<String, String> held, Serving serving) {
        return found.stream().filter(its -> its.version().equals(held.get(its.bundle()))).findFirst()
            .or(() -> found.stream().filter(its -> serving.serves(its)).findFirst()).orElseGet(found::getFirst);
    }
}
