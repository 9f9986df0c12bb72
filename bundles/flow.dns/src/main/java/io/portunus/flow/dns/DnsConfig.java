// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [dns]}. */
@SettingsTable(table = "dns")
@ObjectClassDefinition(id = DnsConfig.PID, name = "the names of targets", description = "How names of targets are looked up.")
@interface DnsConfig {
    /** Its configuration. */
    String PID = "io.portunus.dns";

    /** Chosen servers. */
    @Setting(form = Setting.SERVER, example = "[\"192.0.2.53\", \"[2001:db8::1]:5353\"]")
    @AttributeDefinition(cardinality = 8, description = "Servers to ask, IP addresses with or without a port; none: those of the system")
    String[] servers() default { };

    /** A look-up as a whole. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "100", max = "60000", description = "How long a look-up may take as a whole")
    long timeout_ms() default 3000;

    /** Floor of the time to live. */
    @Setting(form = Setting.TIME, notAbove = "max_ttl")
    @AttributeDefinition(min = "1000", max = "86400000", description = "How long an answer is kept at least, not longer than max_ttl")
    long min_ttl_ms() default 5000;

    /** Ceiling of the time to live. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "1000", max = "86400000", description = "How long an answer is kept at most")
    long max_ttl_ms() default 300_000;

    /** Grace of ended answers. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "0", max = "86400000", description = "How long an old answer serves while there is no new one")
    long stale_ms() default 30_000;

    /** Time of failures. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "0", max = "3600000", description = "How long it is kept that there is no answer")
    long negative_ttl_ms() default 3000;

    /** Ceiling of names. */
    @AttributeDefinition(min = "1", max = "65536", description = "Most names that are kept")
    int max_names() default 8192;

    /** Ceiling of look-ups. */
    @AttributeDefinition(min = "1", max = "1024", description = "Most look-ups at once")
    int max_lookups() default 64;

    /** Addresses that are not taken. */
    @Setting(form = Setting.BLOCK, example = "[\"10.0.0.0/8\"]")
    @AttributeDefinition(cardinality = 256, description = "Blocks of addresses that answers of name servers may not bring; what /etc/hosts"
        + " has and what the file names by address is not looked at")
    String[] deny() default { };
}
