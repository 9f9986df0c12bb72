// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import io.portunus.model.Problem;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the tables of a kind say, without problems. Immutable, used by any thread. Two are equal if they say the same, however it is written; who
 * reads a file again and finds them equal does nothing.
 */
@ConsumerType
public interface Tables {
    /** What this state is called: another when anything is said otherwise, in any process and version. */
    String revision();

    /**
     * What differs, by names.
     *
     * @param before what the last file said; of another version of the same bundle perhaps, of which everything is new then
     */
    TableChanges changesSince(Tables before);

    /** Whether something of these listens, when it is in force, so that a surface of the node could not be bound to the address. */
    boolean listenOn(InetSocketAddress address);

    /**
     * What is wrong in view of who is installed, for a check by somebody who looks at the answer. The path of each begins with the name of the
     * kind and the table's number, {@code "rule[2].match.kind"}; its place in the file is found by that.
     *
     * @param installed what they bring
     */
    List<Problem> unrecognised(Installed installed);

    /** Sentences on what is allowed and may surprise, for the same. */
    List<String> hints();

    /** How much it is, in a few words: {@code "2 rules"}. */
    String summary();
}
