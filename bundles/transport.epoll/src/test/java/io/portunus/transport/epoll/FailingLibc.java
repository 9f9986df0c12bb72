// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import io.portunus.linux.api.SystemCalls;
import io.portunus.linux.ffm.SystemCallsComponent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The real calls, of which the test lets some fail. Thread-safe; each thread is given a libc of its own. */
final class FailingLibc implements SystemCalls {
    /** Whether a call with these arguments fails. */
    interface Condition {
        boolean fails(Object... arguments);
    }

    private static final Object MINUS_ONE = -1;
    private static final Object MINUS_ONE_LONG = -1L;

    private record Failure(int errno, Condition condition) {
    }

    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    /** Lets each call of that name fail. */
    FailingLibc fails(String name, int errno) {
        return fails(name, errno, arguments -> true);
    }

    FailingLibc fails(String name, int errno, Condition condition) {
        failures.put(name, new Failure(errno, condition));
        return this;
    }

    /** Lets every call fail that is made from now on. */
    void failsAll() {
        for (Method call : SocketLibc.class.getMethods()) {
            fails(call.getName(), Libc.ENOSYS);
        }
    }

    /** Lets them through again. */
    void heal() {
        failures.clear();
    }

    /** Calls of that name up to now. */
    int calls(String name) {
        AtomicInteger count = calls.get(name);
        return count == null ? 0 : count.get();
    }

    @Override
    public SocketLibc sockets() {
        SocketLibc real = new SystemCallsComponent().sockets();
        int[] errno = {0};
        return (SocketLibc) Proxy.newProxyInstance(FailingLibc.class.getClassLoader(), new Class<?>[] {SocketLibc.class},
            (proxy, method, arguments) -> {
                String name = method.getName();
                if (name.equals("errno")) {
                    return errno[0] != 0 ? errno[0] : real.errno();
                }
                calls.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
                Failure failure = failures.get(name);
                errno[0] = 0;
                if (failure != null && failure.condition().fails(arguments)) {
                    errno[0] = failure.errno();
                    return method.getReturnType().equals(long.class) ? MINUS_ONE_LONG : MINUS_ONE;
                }
                try {
                    return method.invoke(real, arguments);
                } catch (InvocationTargetException thrown) {
                    throw new AssertionError(Arrays.toString(arguments), thrown.getCause());
                }
            });
    }
}
