// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;

/** A session that has variables and a folder, and nothing else. Confined to one test. */
final class SampleSession {
    static final Path FOLDER = Path.of("/folder");
    /** Variable that has the job in the foreground. */
    static final String JOB = "job";

    private SampleSession() {
    }

    static CommandSession create() {
        Map<Object, Object> variables = new HashMap<>();
        return (CommandSession) Proxy.newProxyInstance(SampleSession.class.getClassLoader(), new Class<?>[] {CommandSession.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "get" -> variables.get(args[0]);
                case "put" -> variables.put(args[0], args[1]);
                case "currentDir" -> FOLDER;
                case "foregroundJob" -> variables.get(JOB);
                default -> throw new AssertionError(method);
            });
    }
}
