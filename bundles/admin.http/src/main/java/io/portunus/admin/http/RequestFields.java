// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import java.util.Locale;

/** The fields of a head that state where a request goes and where it ends. Confined to one thread. */
final class RequestFields {
    private static final int MAX_LENGTH_DIGITS = 18;

    private String host = "";
    private int hosts;
    private String contentLength = "";
    private int contentLengths;
    private boolean coded;
    private String expectation = "";

    /** A line of the head. */
    void take(String line) {
        int colon = line.indexOf(':');
        // A line that begins with a blank would go on with the field before it, which RFC 9112 §5.2 lets a server refuse.
        if (colon < 0 || !RequestHead.isToken(line.substring(0, colon))) {
            throw RequestHead.malformed("A field is 'Name: value' on one line, with no blank before the colon.");
        }
        String value = line.substring(colon + 1);
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw RequestHead.malformed("The value of a field has no control character.");
        }
        keep(line.substring(0, colon).toLowerCase(Locale.ROOT), value.strip());
    }

    private void keep(String name, String value) {
        switch (name) {
            case "host" -> {
                host = value;
                hosts++;
            }
            case "content-length" -> {
                contentLength = value;
                contentLengths++;
            }
            case "transfer-encoding" -> coded = true;
            case "expect" -> expectation = value;
            default -> {
                // Its value is for the resource.
            }
        }
    }

    /** RFC 9112 §3.2: one host, and the same in both places that may name it. */
    void checkHost(RequestLine line) {
        if (hosts > 1 || hosts == 0 && line.minor() > 0) {
            throw RequestHead.malformed("A request has the field Host once.");
        }
        if (!line.authority().isEmpty() && !line.authority().equalsIgnoreCase(host)) {
            throw RequestHead.malformed("The request names one host in its first line and another in the field Host.");
        }
    }

    /** RFC 9112 §6.3, without the cases in which two readers might differ. */
    long bodyBytes(RequestLine line) {
        if (!expectation.isEmpty() && !expectation.equalsIgnoreCase("100-continue")) {
            throw new RefusedException(417, "expectation_failed", "", "The surface knows no expectation but 100-continue.");
        }
        if (coded && (contentLengths > 0 || line.minor() == 0)) {
            throw RequestHead.malformed("A request has a Content-Length or a Transfer-Encoding, not both, and the latter not in HTTP/1.0.");
        }
        if (coded) {
            throw new RefusedException(411, "length_required", "", "Send the body with a Content-Length, not in chunks.");
        }
        if (contentLengths == 0) {
            return 0;
        }
        boolean digits = !contentLength.isEmpty() && contentLength.chars().allMatch(c -> c >= '0' && c <= '9');
        if (contentLengths > 1 || !digits || contentLength.length() > MAX_LENGTH_DIGITS) {
            throw RequestHead.malformed("A request has one Content-Length, a decimal number.");
        }
        return Long.parseLong(contentLength);
    }
}
