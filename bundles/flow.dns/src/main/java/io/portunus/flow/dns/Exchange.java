// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.xbill.DNS.Message;

/** Asks one server one question. Confined to the thread of its {@link Timers}. */
interface Exchange {
    /** What came of it. */
    sealed interface Reply {
        /** An answer to this very question, truncated by nobody. */
        record Answer(Message message) implements Reply {
        }

        /** The server cannot be reached, or breaks off. */
        record Unreachable(String why) implements Reply {
        }
    }

    /** Asks; the callback is called once, never before it returns, and not at all while the server is silent or after it was cancelled. */
    Cancellable ask(InetSocketAddress server, Message query, Consumer<Reply> reply);
}
