// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Wraps a stream into a stream: what one side of a flow speaks below its bytes, as TLS is. Rules name it by its kind, for the client's side or
 * the target's. Of several of a kind one serves; a flow keeps the version it began with to its end, and that version is in use as long.
 * Thread-safe; what it makes for one stream is confined to the stream's loop.
 *
 * <p>The handshake. The layer sets the events of the stream below, reads and writes it as often as it needs, and reports the result once. The
 * bytes it reads first are the peer's first, also those that were read for routing. Nothing may block: a certificate or a ticket that is not
 * at hand is fetched elsewhere, and the layer goes on by {@link LayerHost#run}. A peer that is slow, or sends too much, is the engine's to end:
 * {@link LayerRequest#limit} and {@value #MAX_HANDSHAKE_BYTES} bytes read of the stream below are the most.
 *
 * <p>The stream above owes its handler all that {@link Stream} states, and in particular:
 * <ul>
 * <li>Readiness is level-triggered above as below. Bytes that the layer has and the handler has not read are announced by
 *     {@link StreamEvents#readable} for as long as reading is wanted, although the socket is silent: by
 *     {@link LayerHost#later}, a round later, and never from within {@link Stream#interest}. The same holds for room.
 * <li>What is not wanted above is not wanted below: a handler that does not read holds the peer back. A layer reads no more than it needs for
 *     one record ahead, and takes no more than {@value #MAX_UNSENT} bytes that the stream below does not take; it answers 0 then.
 * <li>{@link Stream#unsent} counts those. When they are gone and writing is wanted, {@link StreamEvents#writable} is called.
 * <li>{@link Stream#END} is an end that the peer meant, as close_notify of TLS is; the end of the stream below without it is a truncation, and
 *     {@link Stream#RESET}. An end is reported after all bytes before it, a reset of the stream below is one above.
 * <li>{@link Stream#endOutput} sends the layer's own end and then that of the stream below, behind all that was written; reading goes on.
 * <li>{@link Stream#close} and {@link Stream#reset} close the stream below before they return; what was not sent is lost.
 * <li>{@link Stream#descriptor} is -1, unless bytes of the descriptor are those of the handler, so nothing goes past the layer.
 *     {@link Stream#tune}, {@link Stream#local}, {@link Stream#peer} and {@link Stream#loop} are those of the stream below.
 * <li>Memory it holds for bytes is reported by {@link LayerHost#held}.
 * </ul>
 *
 * <p>A layer that throws, in whatever call or callback, is charged with it and loses its own flow only.
 */
@ConsumerType
public interface StreamLayer {
    /** Most bytes that a handshake may read of the stream below: a chain of certificates of both sides and more. */
    int MAX_HANDSHAKE_BYTES = 256 * 1024;

    /** Most bytes that were written and that the stream below has not taken. */
    int MAX_UNSENT = 64 * 1024;

    /** What it speaks, {@code "tls"}; rules ask for it by this name. */
    String kind();

    /**
     * Begins with a stream, on its loop.
     *
     * @return calls the handshake off: the layer lets go of the stream below, leaves it open, and reports nothing any more. Not called once the
     *     layer has reported the result
     */
    Cancellable begin(LayerHost host);
}
