// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.HeldBack;
import io.portunus.flow.api.LimitCounts;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.api.LimitView;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes some value of a type from its shape alone, so that pages can be written whatever the contracts have grown to. Stateless. */
final class SampleValues {
    private static final Map<Type, Object> PLAIN = Map.ofEntries(Map.entry(String.class, "x"), Map.entry(boolean.class, true),
        Map.entry(int.class, 1), Map.entry(long.class, 1L), Map.entry(double.class, 1d), Map.entry(Boolean.class, true),
        Map.entry(Integer.class, 1), Map.entry(Long.class, 1L), Map.entry(Double.class, 1d), Map.entry(Instant.class, Instant.EPOCH),
        Map.entry(Duration.class, Duration.ZERO), Map.entry(Clock.class, Clock.systemUTC()),
        Map.entry(CloseReason.class, CloseReason.COMPLETED), Map.entry(ProblemCode.class, ProblemCode.SYNTAX),
        Map.entry(LimitView.class, new LimitView("x", "1", LimitRow.RULE, "x", Map.of(), Map.of(LimitRow.OPEN, 1L),
            new LimitCounts(Map.of(CloseReason.COMPLETED, 1L), Optional.empty(), HeldBack.NONE, 1, 1))),
        Map.entry(InetAddress.class, InetAddress.getLoopbackAddress()),
        Map.entry(Rule.class, Rule.of(1, "x", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("192.0.2.1:1"))));

    private SampleValues() {
    }

    static Object of(Type type) {
        Object plain = PLAIN.get(type);
        if (plain != null) {
            return plain;
        }
        return switch (type) {
            case ParameterizedType generic -> container((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
            case Class<?> raw -> object(raw);
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

    /** One sample for each parameter. */
    static Object[] arguments(Type... parameters) {
        return Arrays.stream(parameters).map(SampleValues::of).toArray();
    }

    private static Object container(Class<?> raw, Type... arguments) {
        if (raw == Optional.class) {
            return Optional.of(of(arguments[0]));
        }
        if (raw == List.class) {
            return List.of(of(arguments[0]));
        }
        if (raw == Set.class) {
            return Set.of(of(arguments[0]));
        }
        if (raw == Map.class) {
            return Map.of(of(arguments[0]), of(arguments[1]));
        }
        return object(raw);
    }

    private static Object object(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isSealed()) {
            return of(type.getPermittedSubclasses()[0]);
        }
        if (type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> of(method.getGenericReturnType()));
        }
        if (type.isRecord()) {
            return record(type);
        }
        return Arrays.stream(type.getDeclaredConstructors()).filter(made -> made.getParameterCount() == 0).findFirst().map(SampleValues::made)
            .orElseThrow(() -> new IllegalArgumentException("no sample of " + type + "; add one to SampleValues"));
    }

    private static Object made(Constructor<?> constructor) {
        try {
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record with a list of its own kind gets one of those, and that none. */
    private static Object record(Class<?> type) {
        Object plain = record(type, List.of());
        return Arrays.stream(type.getRecordComponents()).anyMatch(part -> listsItsOwn(type, part)) ? record(type, List.of(plain)) : plain;
    }

    private static Object record(Class<?> type, List<?> ofItsOwn) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(Arrays.stream(components)
                .map(part -> listsItsOwn(type, part) ? ofItsOwn : of(part.getGenericType())).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean listsItsOwn(Class<?> type, RecordComponent part) {
        return part.getGenericType() instanceof ParameterizedType list && list.getRawType() == List.class
            && list.getActualTypeArguments()[0] == type;
    }
}
