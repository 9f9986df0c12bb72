// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import org.jspecify.annotations.Nullable;

/** What a command cannot do without, each with the sentence for when it is missing. */
enum Needed {
    /** The engine. */
    ENGINE("no forwarding engine is running; 'portunus:health' says what is missing"),
    /** The rules and their states. */
    CATALOG("no rule source is running; 'portunus:health' says what is missing"),
    /** Who the node is. */
    INFO("this node does not say who it is, because no rule source is running"),
    /** Who reads the configuration again. */
    RELOAD("the configuration cannot be read again, because no rule source is running"),
    /** The settings. */
    SETTINGS("the settings are not known, because no rule source is running"),
    /** The log levels. */
    LEVELS("log levels cannot be read or set, because the bundle logging.json is not active"),
    /** The changes kept. */
    CHANGES("changes cannot be listed, because the bundle logging.json is not active"),
    /** The bundles. */
    BUNDLES("bundles cannot be listed or replaced, because the bundle deploy.felix is not active");

    private final String missing;

    Needed(String missing) {
        this.missing = missing;
    }

    /** The service, or a refusal that names what is missing. */
    <T> T of(@Nullable T service) {
        if (service == null) {
            throw new CommandRefused(missing);
        }
        return service;
    }
}
