// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A store of configurations in memory. Confined to one thread at a time. */
final class FakeConfigurations {
    /** What is there, by PID; arrays as lists. */
    final Map<String, Map<String, Object>> pushed = new TreeMap<>();
    /** PIDs that were taken away, in order. */
    final List<String> deleted = new ArrayList<>();
    /** How often anything was asked of the store. */
    int calls;
    /** PID of the configuration that cannot be stored; "" stands for none, "*" for all. */
    String unwritable = "";

    ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (self, method, arguments) -> {
            calls++;
            if (unwritable.equals("*") || unwritable.equals(arguments[0])) {
                throw new IOException("disk full");
            }
            return configuration((String) arguments[0]);
        });
    }

    private Configuration configuration(String pid) {
        return proxy(Configuration.class, (self, method, arguments) -> switch (method.getName()) {
            case "updateIfDifferent" -> {
                Map<String, Object> values = new TreeMap<>();
                FrameworkUtil.asMap(dictionary(arguments[0])).forEach((k, v) -> values.put(k, v instanceof String[] texts ? List.of(texts) : v));
                pushed.put(pid, values);
                yield true;
            }
            case "delete" -> {
                pushed.remove(pid);
                yield deleted.add(pid);
            }
            default -> throw new AssertionError(method);
        });
    }

    @SuppressWarnings("unchecked")
    private static Dictionary<String, Object> dictionary(Object value) {
        return (Dictionary<String, Object>) value;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
