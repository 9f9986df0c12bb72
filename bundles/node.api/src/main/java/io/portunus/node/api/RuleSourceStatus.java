// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.Problem;
import java.util.Optional;

/**
 * A source of rules and what there is of it.
 *
 * @param name of the source
 * @param revision of its set
 * @param rules how many rules the set has
 * @param waiting how many of them wait because rules of other sources are in their way
 * @param stored revision of the set that is kept on disk, and would be used if the source could not be asked at the next start; empty if none is
 * @param last why the set is the last one from disk and not what the source has; empty if the source gave it
 */
public record RuleSourceStatus(String name, String revision, int rules, int waiting, Optional<String> stored, Optional<Problem> last) {
}
