// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the ClientHello in the Initial packets of one client, whatever the order of its datagrams. Its verdict stands. What is no QUIC is
 * recognised by the first datagram: once there was one of QUIC, others are noise on the way and passed over. Holds a {@link CryptoStream} for each
 * of {@value #MAX_FLIGHTS} flights at most, together as much as the engine keeps of a connection, and nothing but ids once it has a verdict.
 * Confined to one event loop.
 */
final class QuicInspection implements DatagramInspection {
    /** RFC 9000 §14.1. */
    static final int LEAST_BYTES = 1200;
    /**
     * Packets of a datagram that are looked at. Clients join two or three; a datagram of 64 KiB could hold two thousand, each of which costs as much
     * as one that can be opened.
     */
    static final int MAX_PACKETS = 8;
    /** Destination ids that are followed; packets to others that come after these are passed over. */
    static final int MAX_FLIGHTS = 4;

    private static final byte[] NOTHING = {};

    private final List<QuicFlight> flights = new ArrayList<>();
    private Verdict verdict = Verdict.MORE;
    private int datagrams;
    private boolean quicSeen;
    /** Header of the last packet that could be opened: a refusal is an answer to it. */
    private Optional<LongHeader> proven = Optional.empty();
    private int flawError = Alert.DECODE_ERROR.connectionError();

    @Override
    public Verdict inspect(ByteBuffer datagram) {
        if (verdict == Verdict.MORE) {
            byte[] bytes = new byte[datagram.remaining()];
            datagram.get(datagram.position(), bytes);
            datagrams++;
            verdict = look(bytes);
            if (verdict == Verdict.MORE && datagrams == MAX_DATAGRAMS) {
                verdict = refuse(proven.isPresent() ? QuicFlaw.MANY_DATAGRAMS : QuicFlaw.NOTHING_OPENED);
            }
            if (verdict != Verdict.MORE) {
                flights.clear();
            }
        }
        return verdict;
    }

    @Override
    public int kept() {
        return flights.stream().mapToInt(QuicFlight::bytes).sum();
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        Optional<Integer> error = reason.equals(CloseReason.HELLO_MALFORMED) ? Optional.of(flawError) : Alert.of(reason).map(Alert::connectionError);
        return proven.isEmpty() || error.isEmpty() ? NOTHING : ConnectionClose.answer(proven.get(), error.get());
    }

    private Verdict look(byte[] bytes) {
        Octets datagram = new Octets(bytes, 0, bytes.length);
        Optional<LongHeader> first = LongHeader.read(datagram);
        boolean tooShort = bytes.length < LEAST_BYTES;
        if (first.isEmpty() || tooShort && first.get().initial()) {
            return quicSeen ? Verdict.MORE : refuse(first.isEmpty() ? QuicFlaw.NOT_QUIC : QuicFlaw.SHORT_DATAGRAM);
        }
        quicSeen = true;
        return tooShort ? Verdict.MORE : walk(bytes, datagram, first.get());
    }

    /** All packets of a datagram have one destination, and a receiver passes over the others (RFC 9000 §12.2): keys are derived once at most. */
    private Verdict walk(byte[] bytes, Octets datagram, LongHeader first) {
        QuicFlight flight = flight(first);
        Verdict found = Verdict.MORE;
        Optional<LongHeader> next = Optional.of(first);
        for (int packets = 0; packets < MAX_PACKETS && next.isPresent() && found == Verdict.MORE; packets++) {
            if (next.get().initial() && next.get().sameDestination(first)) {
                found = take(flight, bytes, next.get());
            }
            next = LongHeader.read(datagram);
        }
        return found;
    }

    private QuicFlight flight(LongHeader header) {
        return flights.stream().filter(known -> known.has(header)).findFirst().orElseGet(() -> new QuicFlight(header));
    }

    private Verdict take(QuicFlight flight, byte[] bytes, LongHeader header) {
        boolean opened = flight.take(bytes, header);
        if (!opened || !followed(flight)) {
            return Verdict.MORE;
        }
        proven = Optional.of(header);
        return flight.flaw().map(this::refuse).orElseGet(() -> flight.prelude().<Verdict>map(Verdict.Recognised::new).orElse(Verdict.MORE));
    }

    /** Noise is not followed: it would fill the places of those that the client sends. */
    private boolean followed(QuicFlight flight) {
        if (!flights.contains(flight) && flights.size() < MAX_FLIGHTS) {
            flights.add(flight);
        }
        return flights.contains(flight);
    }

    private Verdict refuse(HelloFlaw flaw) {
        flawError = flaw.connectionError();
        return flaw.verdict();
    }
}
