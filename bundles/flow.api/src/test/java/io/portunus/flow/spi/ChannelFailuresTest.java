// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What exceptions of the JDK come to, on the systems it runs on. */
class ChannelFailuresTest {
    private static IOException thrown(String type, String words) {
        return switch (type) {
            case "bind" -> new BindException(words);
            case "connect" -> new ConnectException(words);
            case "route" -> new NoRouteToHostException(words);
            case "port" -> new PortUnreachableException(words);
            case "late" -> new SocketTimeoutException(words);
            default -> new SocketException(words);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "connect, Connection refused, REFUSED", "connect, Connection refused: getsockopt, REFUSED", "connect, Verbindungsaufbau abgelehnt, REFUSED",
        "connect, Connection timed out, TIMED_OUT", "connect, Operation timed out, TIMED_OUT", "late, connect timed out, TIMED_OUT",
        "route, No route to host, UNREACHABLE", "socket, Network is unreachable, UNREACHABLE", "socket, Network is unreachable: connect, UNREACHABLE",
        "socket, Network is down, UNREACHABLE", "socket, Protocol family unavailable, UNREACHABLE",
        "bind, Cannot assign requested address, NO_PORT", "bind, Can't assign requested address, NO_PORT", "bind, Address already in use, NO_PORT",
        "socket, Too many open files, NO_DESCRIPTOR", "socket, Too many open files in system, NO_DESCRIPTOR",
        "socket, No file descriptors available, NO_DESCRIPTOR", "bind, Permission denied, NOT_PERMITTED",
        "socket, Permission denied: connect, NOT_PERMITTED", "socket, Operation not permitted, OTHER", "socket, Protocol error, OTHER"})
    void ofAConnection(String type, String words, ConnectFailure.Cause cause) {
        assertThat(ConnectFailure.of(thrown(type, words), false)).isEqualTo(new ConnectFailure(cause, words));
    }

    @Test
    void ofAConnectionFromAnAddressThatIsNotOurs() {
        assertThat(ConnectFailure.of(new BindException("Cannot assign requested address"), true).cause()).isEqualTo(ConnectFailure.Cause.NOT_OURS);
        assertThat(ConnectFailure.of(new BindException("Address already in use"), true).cause()).isEqualTo(ConnectFailure.Cause.NO_PORT);
    }

    @ParameterizedTest
    @CsvSource({
        "bind, Address already in use, IN_USE", "bind, Address already in use: bind, IN_USE", "bind, Address in use, IN_USE",
        "bind, Cannot assign requested address, NOT_HERE", "bind, Can't assign requested address, NOT_HERE",
        "bind, Permission denied, NOT_PERMITTED", "socket, Permission denied, NOT_PERMITTED", "socket, Too many open files, NO_DESCRIPTOR",
        "socket, Invalid argument, OTHER", "connect, Connection refused, OTHER"})
    void ofAListener(String type, String words, ListenFailure.Cause cause) {
        assertThat(ListenFailure.of(thrown(type, words))).isEqualTo(new ListenFailure(cause, words));
    }

    @ParameterizedTest
    @CsvSource({
        "port, , REFUSED", "port, ICMP Port Unreachable, REFUSED", "connect, Connection refused, REFUSED", "route, No route to host, UNREACHABLE",
        "socket, Network is unreachable, UNREACHABLE", "socket, Message too long, TOO_LONG", "socket, Message too large, TOO_LONG",
        "socket, Invalid argument, OTHER", "bind, Permission denied, OTHER"})
    void ofADatagram(String type, String words, DatagramFault fault) {
        assertThat(DatagramFault.of(thrown(type, words))).isEqualTo(fault);
    }

    @Test
    void exceptionWithoutWordsIsNamed() {
        assertThat(ListenFailure.of(new IOException())).isEqualTo(new ListenFailure(ListenFailure.Cause.OTHER, "java.io.IOException"));
    }
}
