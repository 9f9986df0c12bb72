// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The fields that an access record may have, in their order unless an operator chose. */
public enum RecordField {
    /** When the flow ended. */
    TIMESTAMP,
    /** Number of the flow. */
    FLOW_ID,
    /** Listener it came in by. */
    LISTENER,
    /** The client. */
    PEER,
    /** Who sent the PROXY header that declared the client. */
    VIA,
    /** Name of the rule. */
    RULE,
    /** Id of the rule. */
    RULE_ID,
    /** Name in the prelude. */
    SNI,
    /** The target. */
    TARGET,
    /** Address the target was reached at. */
    ENDPOINT,
    /** Bytes from client to target. */
    BYTES_IN,
    /** Bytes from target to client. */
    BYTES_OUT,
    /** From accept to the decision. */
    PEEK_MS,
    /** From the decision to the open target. */
    CONNECT_MS,
    /** From accept to the first byte of the target. */
    FIRST_BYTE_MS,
    /** From accept to the end. */
    TOTAL_MS,
    /** Why it ended. */
    CLOSE_REASON,
    /** Who ended it. */
    CLOSED_BY,
    /** Versions of the bundles that served it. */
    HANDLERS,
    /** Protocol seen. */
    KIND,
    /** Whether an encrypted ClientHello was offered. */
    ECH,
    /** How long policies let bytes wait on the way to the target; without a choice of fields only connections with a limit have it, as the next. */
    HELD_BACK_IN_MS,
    /** How long policies let bytes wait on the way to the client. */
    HELD_BACK_OUT_MS,
    /** Datagrams from client to target; without a choice of fields only sessions of UDP have it, as the next. */
    DATAGRAMS_IN,
    /** Datagrams from target to client. */
    DATAGRAMS_OUT;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Its name in the record and in the configuration. */
    public String code() {
        return code;
    }

    /** The names of all, in their order. */
    public static List<String> codes() {
        return Arrays.stream(values()).map(RecordField::code).toList();
    }
}
