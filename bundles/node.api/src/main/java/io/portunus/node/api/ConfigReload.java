// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Reads the node's configuration again. Thread-safe; one reload at a time. */
@ProviderType
public interface ConfigReload {
    /**
     * Reads the file and puts into force what differs. A file with problems changes nothing. A file with the same content does nothing, except
     * that listeners which could not be bound are tried again. Blocks until the listeners are bound or have failed.
     */
    Report reload(Actor by);

    /** What the last reading came to, that at the start included; empty while there was none. */
    default Optional<Last> last() {
        return Optional.empty();
    }

    /**
     * What the last reading came to.
     *
     * @param at when it was over
     * @param takenAt when a file was last taken, or found to say the same
     * @param problems what is wrong with the file; while there is anything, the next start would fail, too
     */
    record Last(Instant at, Instant takenAt, List<Problem> problems) {
        /** Copies the list. */
        public Last {
            problems = List.copyOf(problems);
        }
    }

    /** What a reload came to. */
    enum Result {
        /** Something differed, and is in force now. */
        APPLIED,
        /** Nothing differed. */
        UNCHANGED,
        /** The file has problems; everything is as it was. */
        REFUSED
    }

    /**
     * What a reload came to.
     *
     * @param result in a word
     * @param revision revision of the rules in force
     * @param added names of rules that are new
     * @param changed names of rules that say something else than before
     * @param removed names of rules that are gone
     * @param settings tables whose values differ, {@code "log"}
     * @param problems what is wrong with a file that was refused; or, of one that was applied, which listeners could not be bound and which
     *     rules take nothing because nobody recognises what they require
     */
    record Report(Result result, String revision, List<String> added, List<String> changed, List<String> removed, List<String> settings,
            List<Problem> problems) {
        /** Copies the lists. */
        public Report {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
            settings = List.copyOf(settings);
            problems = List.copyOf(problems);
        }
    }
}
