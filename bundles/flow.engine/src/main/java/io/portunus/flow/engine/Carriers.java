// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.FlowRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who has a part in a flow, and how its record names them. Its listener keeps the last one, because mostly the next flow has the
 * same: then nothing is made for it. Immutable.
 */
final class Carriers {
    private final @Nullable Provider handler;
    private final @Nullable Provider selector;
    private final Provider carrier;
    private final List<Provider> holders;
    private final List<Provider> readers;
    private final List<FlowRecord.Carrier> named;
    private final List<Provider> everybody;

    /**
     * Names them.
     *
     * @param handler who conducts it
     * @param selector who found its target
     * @param carrier its transport
     * @param holders the policies that limit it
     * @param readers who read what comes first
     */
    Carriers(@Nullable Provider handler, @Nullable Provider selector, Provider carrier, List<Provider> holders, List<Provider> readers) {
        this.handler = handler;
        this.selector = selector;
        this.carrier = carrier;
        this.holders = holders;
        this.readers = readers;
        this.everybody = Stream.of(Stream.of(Optional.ofNullable(handler), Optional.ofNullable(selector)).flatMap(Optional::stream),
            readers.stream(), holders.stream(), Stream.of(carrier)).flatMap(its -> its).toList();
        this.named = versions().entrySet().stream().map(e -> new FlowRecord.Carrier(e.getKey(), e.getValue())).toList();
    }

    /** Whether the others are the same ones; makes nothing. */
    boolean are(@Nullable Provider itsHandler, @Nullable Provider itsSelector, Provider itsCarrier, List<Provider> itsHolders,
            List<Provider> itsReaders) {
        return handler == itsHandler && selector == itsSelector && carrier == itsCarrier && same(holders, itsHolders) && same(readers, itsReaders);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(List<Provider> some, List<Provider> others) {
        if (some == others) {
            return true;
        }
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i) == others.get(i);
        }
        return same;
    }

    /** One by one, who conducts it first. */
    List<Provider> everybody() {
        return everybody;
    }

    /** As records name them: sorted, each bundle once. */
    List<FlowRecord.Carrier> named() {
        return named;
    }

    /** The same by name. */
    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        Consumer<Provider> put = p -> versions.put(p.origin().bundle(), p.origin().version());
        Stream.of(handler, selector, carrier).flatMap(Stream::ofNullable).forEach(put);
        holders.forEach(put);
        readers.forEach(put);
        return versions;
    }
}
