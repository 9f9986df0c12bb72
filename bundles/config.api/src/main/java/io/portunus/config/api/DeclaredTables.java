// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tables within other tables whose keys a bundle declares, as a policy does with what a rule sets for it. Immutable; two are equal if they read
 * everything alike.
 */
@ProviderType
public interface DeclaredTables {
    /**
     * Reads a table by its declaration. What is wrong is reported to the section, a key that is not declared, too.
     *
     * @param name path of the table without numbers, {@code "rule.policies.crowd"}
     * @param section the table
     * @return each declared key with its value, or its default where it has one; empty if no bundle declares the table
     */
    Optional<Map<String, Object>> read(String name, TomlSection section);
}
