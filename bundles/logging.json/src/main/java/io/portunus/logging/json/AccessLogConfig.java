// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.RecordField;
import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Whether connections leave access records, which, and where. */
@SettingsTable(table = "access_log", toggle = "enabled")
@ObjectClassDefinition(name = "the access log",
    description = "Whether each connection leaves an access record, true or false; or a table with more about it.")
@interface AccessLogConfig {
    /** The PID. */
    String PID = "io.portunus.access_log";

    @AttributeDefinition(description = "Whether each connection leaves an access record")
    boolean enabled() default true;

    @AttributeDefinition(description = "Where records go", options = {@Option("file"), @Option("stdout"), @Option("syslog")})
    String to() default "file";

    @Setting(form = Setting.PATH, only = "to=file", example = "\"/var/log/portunus/access.log\"")
    @AttributeDefinition(description = "With to file: absolute path of it; none: access.log in the state folder")
    String path() default "";

    @Setting(form = Setting.SIZE, only = "to=file", zero = true)
    @AttributeDefinition(min = "1048576", max = "1099511627776", description = "With to file: size beyond which it is put aside, 0 for never")
    long max_size() default 64L * 1024 * 1024;

    @Setting(only = "to=file")
    @AttributeDefinition(min = "0", max = "100", description = "With to file: how many files put aside are kept")
    int keep() default 4;

    @Setting(least = 1, example = "[\"timestamp\", \"peer\", \"target\", \"close_reason\"]")
    @AttributeDefinition(cardinality = 64, description = "Fields of a record in their order; none: all of them")
    RecordField[] fields() default {};

    @Setting(form = Setting.PEER, only = "to=syslog", example = "\"127.0.0.1:514\" (the socket /dev/log cannot be used: have rsyslog load imudp)")
    @AttributeDefinition(description = "With to syslog: ip:port at which the collector takes messages by UDP")
    String syslog() default "127.0.0.1:514";
}
