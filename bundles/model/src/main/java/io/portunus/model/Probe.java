// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A question that is asked of each target of a rule again and again.
 *
 * @param ask what is asked
 * @param interval between two questions to one target; a tenth of it is drawn at random, so that edges do not ask all at once
 * @param timeout how long the whole answer may take
 * @param rise good answers in a row that make a failed target healthy
 * @param fall bad ones in a row that make it fail
 * @param port where to ask, if not at the target's port
 * @param local whether the question is preceded by a PROXY header {@code LOCAL} (v1: {@code UNKNOWN}), as the target expects one
 */
public record Probe(Ask ask, Duration interval, Duration timeout, int rise, int fall, OptionalInt port, boolean local) {
    /** Longest text that is sent or expected, in characters. */
    public static final int MAX_TEXT = 1024;

    /** What is asked. */
    public sealed interface Ask {
        /** Whether it accepts a connection. */
        record Tcp() implements Ask {
        }

        /**
         * Whether it answers a ClientHello with a ServerHello; its certificate is not judged.
         *
         * @param name server name to ask for; empty for none
         */
        record Tls(String name) implements Ask {
        }

        /**
         * Whether it answers an HTTP/1.1 request with a status.
         *
         * @param host the request's {@code Host}
         * @param path the request's target, {@code "/healthz"}
         * @param statuses lowest and highest status that is good
         */
        record Http(String host, String path, PortRange statuses) implements Ask {
        }

        /**
         * Whether it sends what is expected, after what is sent to it.
         *
         * @param send text to send first; empty for none
         * @param expect text that its answer must contain; empty for any answer
         */
        record Talk(String send, String expect) implements Ask {
        }

        /** What is asked by datagrams of UDP. */
        sealed interface OfDatagrams extends Ask {
        }

        /**
         * Whether it answers a datagram as is expected.
         *
         * @param send what the datagram has, in hexadecimal digits
         * @param expect what an answer must contain, in the same; empty for any answer
         */
        record Datagram(String send, String expect) implements OfDatagrams {
        }

        /**
         * Whether it answers a question of DNS, with what is asked for or with that there is no such name (RFC 1035 §4.1).
         *
         * @param name the name to ask for; "." asks for the servers of the root
         */
        record Dns(String name) implements OfDatagrams {
        }
    }

    /** A probe of TCP connections, with 5 s for the answer, up after two good ones and down after three bad ones. */
    public static Probe tcp(Duration interval) {
        return new Probe(new Ask.Tcp(), interval, Duration.ofSeconds(5), 2, 3, OptionalInt.empty(), false);
    }
}
