// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [dns]}. */
@ObjectClassDefinition(id = DnsConfig.PID, name = "Host names of targets")
@interface DnsConfig {
    /** Its configuration. */
    String PID = "io.portunus.dns";

    /** Chosen servers. */
    @AttributeDefinition(description = "Servers that are asked, addresses with or without a port, at most 8. None: those of /etc/resolv.conf.")
    String[] servers() default { };

    /** A look-up as a whole. */
    @AttributeDefinition(description = "Milliseconds that a look-up may take as a whole, 100..60000.")
    long timeout_ms() default 3000;

    /** Floor of the time to live. */
    @AttributeDefinition(description = "Milliseconds that an answer is remembered at least, 1000..86400000.")
    long min_ttl_ms() default 5000;

    /** Ceiling of the time to live. */
    @AttributeDefinition(description = "Milliseconds that an answer is remembered at most, min.ttl.ms..86400000.")
    long max_ttl_ms() default 300_000;

    /** Grace of ended answers. */
    @AttributeDefinition(description = "Milliseconds that an ended answer is given on while look-ups fail, 0..86400000.")
    long stale_ms() default 30_000;

    /** Time of failures. */
    @AttributeDefinition(description = "Milliseconds that a failure is remembered, and a negative answer at least, 0..3600000.")
    long negative_ttl_ms() default 3000;

    /** Ceiling of names. */
    @AttributeDefinition(description = "Names that are remembered at once, 1..65536.")
    int max_names() default 8192;

    /** Ceiling of look-ups. */
    @AttributeDefinition(description = "Look-ups that are under way at once, 1..1024.")
    int max_lookups() default 64;

    /** Addresses that are not taken. */
    @AttributeDefinition(description = "Blocks of addresses that no answer of a server may bring, at most 256, 10.0.0.0/8. None: every address is"
        + " taken. What /etc/hosts has is not looked at.")
    String[] deny() default { };
}
