// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.http;

import io.portunus.flow.spi.Verdict;

/** Everything for which a prelude is no request of HTTP, or one that no route may be chosen by. */
enum HttpFlaw {
    NOT_A_METHOD(Verdict.foreign("the first bytes are no method of HTTP")),
    /** Includes HTTP/0.9, which has no version and no host. */
    NOT_HTTP(Verdict.foreign("no version of HTTP follows")),
    VERSION(Verdict.flawed("the version of HTTP is not 1.x")),
    /** RFC 9113 §3.4. */
    PREFACE(Verdict.flawed("the preface of HTTP/2 is not complete")),
    LONG_HEAD(Verdict.flawed("the head of the request is longer than 16384 bytes")),
    /** RFC 9112 §5: no whitespace before the colon. */
    NAME_BYTE(Verdict.flawed("a header has no name, or a byte in it that is none of a name")),
    /** RFC 9110 §5.5: NUL, carriage return alone and other controls. */
    VALUE_BYTE(Verdict.flawed("a header has a control character in its value")),
    /** RFC 9112 §5.2: obsolete, and read in more than one way. */
    FOLDED(Verdict.flawed("a header is folded over two lines")),
    /** RFC 9112 §3.2: refused, whether they are equal or not. */
    TWO_HOSTS(Verdict.flawed("the request has two Host headers")),
    NO_HOST(Verdict.flawed("the request is HTTP/1.1 and has no Host header")),
    HOST(Verdict.flawed("the host asked for is no host name, no address, or its port is no number"));

    private final Verdict verdict;

    HttpFlaw(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
