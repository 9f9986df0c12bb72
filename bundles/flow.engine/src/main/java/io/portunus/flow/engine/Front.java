// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DatagramBatch;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.ListenerFilter;
import io.portunus.model.Protocol;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What stood before a datagram of a source that is trusted with it. Immutable.
 *
 * @param sender what the socket is known by that sent it
 * @param key what the session is known by that it belongs to
 * @param peer the address of that socket
 * @param header its bytes, which nobody changes
 * @param origin what it declares
 */
record Front(SessionKey sender, SessionKey key, InetSocketAddress peer, ByteBuffer header, DeclaredOrigin origin) {
    private static final FilterVerdict BROKEN = new FilterVerdict.No(CloseReason.INTERNAL_ERROR, "the filter failed");

    /** Has a filter look at a datagram, which is all there is: never {@link FilterVerdict#MORE}. One that fails refuses it and nothing else. */
    static FilterVerdict read(Provider filter, DatagramBatch batch, int entry) {
        try {
            int at = batch.offset(entry);
            int length = batch.length(entry);
            Filtering filtering = filter.as(ListenerFilter.class).begin(Protocol.UDP);
            ByteBuffer bytes = batch.memory().duplicate().limit(at + length).position(at).slice().asReadOnlyBuffer();
            return switch (filtering.filter(bytes)) {
                case FilterVerdict.More more -> new FilterVerdict.No(filtering.tooLong(), "the datagram ends before its header does");
                case FilterVerdict.Header header when header.length() < 0 || header.length() > length ->
                    throw new IllegalStateException("a header of " + header.length() + " bytes in a datagram of " + length);
                case FilterVerdict verdict -> verdict;
            };
        } catch (Throwable lastResort) {
            filter.fault(lastResort);
            return BROKEN;
        }
    }

    /** That of an entry, which has it still. */
    static Front of(SessionKey sender, DatagramBatch batch, int entry, FilterVerdict.Header found) {
        byte[] header = new byte[found.length()];
        batch.memory().get(batch.offset(entry), header);
        SessionKey from = sender.copy();
        SessionKey key = from.behind(found.origin().addresses().map(Addresses::client));
        return new Front(from, key, batch.peer(entry), ByteBuffer.wrap(header), found.origin());
    }

    /** Who sent it; the socket's own address where no other is declared. */
    InetSocketAddress client() {
        return origin.addresses().map(Addresses::client).orElse(peer);
    }
}
