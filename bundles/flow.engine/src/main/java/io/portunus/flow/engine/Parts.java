// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who has a part in a flow, each of the version that it began with. Changed on the flow's loop; what surfaces read is volatile, and
 * lists are copied on change.
 */
final class Parts {
    private final Optional<Provider> handler;
    private final Provider carrier;
    /** Those that read what comes first, for the counters. */
    private volatile List<Provider> readers = List.of();
    private boolean reading;
    /** Who found its target. */
    private volatile @Nullable Provider selector;
    /** What limits it; none when nothing does. */
    private volatile @Nullable Leases leases;
    /** Who wraps its streams; most have nobody. */
    private volatile List<Provider> layers = List.of();

    /** Begins with who conducts it, if anybody does, and its transport. */
    Parts(Optional<Provider> handler, Provider carrier) {
        this.handler = handler;
        this.carrier = carrier;
        carrier.opened();
    }

    Provider carrier() {
        return carrier;
    }

    /** Reads what comes first; it counts as in use until the flow is routed or closed. */
    void reads(Provider reader) {
        reader.opened();
        reading = true;
        readers = with(readers, reader);
    }

    private static List<Provider> with(List<Provider> some, Provider one) {
        List<Provider> more = new ArrayList<>(some);
        more.add(one);
        return List.copyOf(more);
    }

    /** Nobody reads what comes first any more. */
    void releaseReaders() {
        if (reading) {
            reading = false;
            readers.forEach(Provider::released);
        }
    }

    /** Finds its target. */
    void selects(Provider its) {
        its.opened();
        selector = its;
    }

    /** Who has found its target. */
    Optional<Provider> selector() {
        return Optional.ofNullable(selector);
    }

    /** Wraps its streams. */
    void wraps(Provider layer) {
        layer.opened();
        layers = with(layers, layer);
    }

    /** Who wraps streams of the kind already. */
    Optional<Provider> wrapper(Post post) {
        return layers.stream().filter(layer -> layer.origin().post().equals(post)).findFirst();
    }

    /** What limits it from now on. */
    void limits(Leases given) {
        leases = given;
    }

    @Nullable Leases leases() {
        return leases;
    }

    /** It is over: all but the handler are let go. */
    void release(CloseReason reason) {
        releaseReaders();
        readers.forEach(reader -> reader.closed(reason));
        letGo(carrier, reason);
        layers.forEach(layer -> letGo(layer, reason));
        Provider found = selector;
        if (found != null) {
            letGo(found, reason);
        }
        Leases given = leases;
        if (given != null) {
            given.closed(reason);
        }
    }

    private static void letGo(Provider provider, CloseReason reason) {
        provider.closed(reason);
        provider.released();
    }

    /** Whether a version of a bundle reads what comes first. */
    boolean readBy(String bundle, String version) {
        return readers.stream().anyMatch(r -> r.origin().of(bundle, version));
    }

    /** Whether a version of a bundle is needed to its end. */
    boolean keeps(String bundle, String version) {
        return Stream.concat(Stream.of(handler, Optional.ofNullable(selector), Optional.of(carrier)).flatMap(Optional::stream), holders().stream())
            .anyMatch(k -> k.origin().of(bundle, version));
    }

    /** Those who limit it, and those who wrap its streams. */
    private List<Provider> holders() {
        Leases given = leases;
        List<Provider> limit = given == null ? List.of() : given.holders();
        List<Provider> wrap = layers;
        return wrap.isEmpty() ? limit : Stream.concat(limit.stream(), wrap.stream()).toList();
    }

    /** As the listener knows them already if they are those of its last flow. */
    Carriers as(EngineListener listener) {
        return listener.carriers(handler.orElse(null), selector, carrier, holders(), readers);
    }
}
