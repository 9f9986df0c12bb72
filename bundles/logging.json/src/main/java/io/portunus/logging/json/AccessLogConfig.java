// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Whether connections leave access records, which, and where. */
@ObjectClassDefinition(name = "Portunus access log", description = "One record for each connection that ended.")
@interface AccessLogConfig {
    /** The PID. */
    String PID = "io.portunus.access_log";

    @AttributeDefinition(description = "Whether records are written.")
    boolean enabled() default false;

    @AttributeDefinition(description = "Where they go: file, stdout or syslog.")
    String to() default "file";

    @AttributeDefinition(description = "Absolute path of the file; empty for access.log in the state folder.")
    String path() default "";

    @AttributeDefinition(description = "Bytes beyond which the file is put aside, 0 or 1048576 to 1099511627776; 0 for never.")
    long max_size() default 64L * 1024 * 1024;

    @AttributeDefinition(description = "Files put aside that are kept, 0 to 100.")
    int keep() default 4;

    @AttributeDefinition(description = "Names of the fields in their order; empty for all.")
    String[] fields() default {};

    @AttributeDefinition(description = "Address of the collector, ip:port, that takes messages of syslog by UDP.")
    String syslog() default "127.0.0.1:514";
}
