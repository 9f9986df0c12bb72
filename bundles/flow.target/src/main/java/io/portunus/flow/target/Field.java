// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import java.net.InetAddress;

/** What a pick may look at: the targets of a rule by their places, and the client. */
interface Field {
    /** Share of a target now, at least 1: a hundredfold of its weight, less while it starts slowly. */
    int weight(int place);

    /** Flows that connect to a target or are connected. */
    int load(int place);

    /** Where the flow comes from. */
    InetAddress client();
}
