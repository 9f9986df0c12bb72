// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.proxyprotocol;

import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.model.IpLiterals;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header of version 1: {@code PROXY TCP4 192.0.2.1 198.51.100.1 56324 443}, CR, LF (proxy-protocol.txt, section 2.1). */
final class TextHeader {
    /** How it begins. Section 2.2 takes five bytes for enough, but section 2.1 has exactly one space behind them. */
    static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    /** Section 2.1: a 108-byte buffer is always enough to store all the line and a trailing zero. */
    static final int MAX_BYTES = 107;

    private static final String UNKNOWN = "UNKNOWN";
    private static final byte[] UNKNOWN_LINE = "PROXY UNKNOWN ".getBytes(StandardCharsets.US_ASCII);
    private static final DeclaredOrigin NOTHING_DECLARED = new DeclaredOrigin(Optional.empty(), List.of());
    private static final int FIELDS = 5;
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final int MAX_PORT = 65535;
    /** Characters of an IPv6 literal, and never more than four digits in a row: the JDK is more generous, and it knows zones. */
    private static final Pattern IPV6 = Pattern.compile("(?!.*[0-9a-fA-F]{5})[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private TextHeader() {
    }

    /** The line for these addresses, both of one family; without them it states that they are unknown. */
    static byte[] write(Optional<Addresses> ends) {
        return ("PROXY " + ends.map(TextHeader::fields).orElse(UNKNOWN) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String fields(Addresses ends) {
        InetAddress client = ends.client().getAddress();
        InetAddress local = ends.local().getAddress();
        return (client instanceof Inet4Address ? "TCP4 " : "TCP6 ") + IpLiterals.text(client) + ' ' + IpLiterals.text(local) + ' '
            + ends.client().getPort() + ' ' + ends.local().getPort();
    }

    /** Reads a line that begins with the signature. */
    static FilterVerdict read(ByteBuffer bytes) {
        int seen = Math.min(bytes.limit(), MAX_BYTES);
        for (int at = SIGNATURE.length; at < seen; at++) {
            if (bytes.get(at) != '\n') {
                continue;
            }
            if (bytes.get(at - 1) == '\r') {
                return declared(text(bytes, at - 1), at + 1);
            }
            // Section 2.1: behind UNKNOWN, anything before the CRLF is ignored.
            if (at < UNKNOWN_LINE.length || !text(bytes, at).startsWith(UNKNOWN + ' ')) {
                return HeaderFlaw.LINE_END.verdict();
            }
        }
        return seen == MAX_BYTES ? HeaderFlaw.LONG_LINE.verdict() : FilterVerdict.MORE;
    }

    /** What stands between the signature and the end. */
    private static String text(ByteBuffer bytes, int end) {
        byte[] line = new byte[end - SIGNATURE.length];
        bytes.get(SIGNATURE.length, line);
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static FilterVerdict declared(String line, int length) {
        if (line.equals(UNKNOWN) || line.startsWith(UNKNOWN + ' ')) {
            return new FilterVerdict.Header(length, NOTHING_DECLARED);
        }
        String[] fields = line.split(" ", -1);
        if (!fields[0].equals("TCP4") && !fields[0].equals("TCP6")) {
            return HeaderFlaw.LINE_PROTOCOL.verdict();
        }
        if (fields.length != FIELDS) {
            return HeaderFlaw.LINE_FIELDS.verdict();
        }
        Optional<InetAddress> client = literal(fields[0], fields[1]);
        Optional<InetAddress> local = literal(fields[0], fields[2]);
        if (client.isEmpty() || local.isEmpty()) {
            return HeaderFlaw.LINE_ADDRESS.verdict();
        }
        if (!isPort(fields[3]) || !isPort(fields[4])) {
            return HeaderFlaw.LINE_PORT.verdict();
        }
        Addresses ends = new Addresses(new InetSocketAddress(client.get(), Integer.parseInt(fields[3])),
            new InetSocketAddress(local.get(), Integer.parseInt(fields[4])));
        return new FilterVerdict.Header(length, new DeclaredOrigin(Optional.of(ends), List.of()));
    }

    private static Optional<InetAddress> literal(String protocol, String text) {
        if (protocol.equals("TCP4")) {
            return text.indexOf(':') < 0 ? IpLiterals.parse(text) : Optional.empty();
        }
        boolean mixed = text.indexOf('.') >= 0;
        boolean strict = IPV6.matcher(text).matches() && (!mixed || IpLiterals.parse(text.substring(text.lastIndexOf(':') + 1)).isPresent());
        return strict ? IpLiterals.parse(text) : Optional.empty();
    }

    private static boolean isPort(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= MAX_PORT;
    }
}
