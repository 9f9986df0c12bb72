// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what a bundle keeps to itself: the bundles lie on the class path of these tests, and packages are open there. Stateless. */
final class Hidden {
    private Hidden() {
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " has gone; tell ReferenceDocsTest where it went", e);
        }
    }

    /** The constants of an enum, in their order. */
    static List<?> constants(String type) {
        return Arrays.asList(type(type).getEnumConstants());
    }

    /** Text of an accessor without parameters. */
    static String text(Object of, String accessor) {
        return String.valueOf(call(of, accessor));
    }

    /** What a method without parameters answers. */
    static Object call(Object of, String method) {
        // Constants of an enum may have classes of their own.
        Class<?> type = of instanceof Enum<?> constant ? constant.getDeclaringClass() : of.getClass();
        try {
            // What is inherited, as a default method of an interface, is found among the public ones only.
            Optional<Method> open = Arrays.stream(type.getMethods()).filter(m -> m.getName().equals(method) && m.getParameterCount() == 0)
                .findFirst();
            return open(open.isPresent() ? open.get() : type.getDeclaredMethod(method)).invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a static field holds. */
    static Object get(Field field) {
        try {
            return open(field).get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls the static method of that name, each parameter a sample. */
    static Object callStatic(String type, String method) {
        Method found = Arrays.stream(type(type).getDeclaredMethods()).filter(m -> m.getName().equals(method)).findFirst().orElseThrow();
        try {
            return open(found).invoke(null, SampleValues.arguments(found.getGenericParameterTypes()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls a static method with an argument. */
    static Object callStatic(String type, String method, Class<?> parameter, Object argument) {
        try {
            return open(type(type).getDeclaredMethod(method, parameter)).invoke(null, argument);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new object, each parameter of its one constructor a sample, and so each field that takes an interface afterwards, as SCR would. */
    static Object create(String type) {
        var constructor = type(type).getDeclaredConstructors()[0];
        try {
            Object made = open(constructor).newInstance(SampleValues.arguments(constructor.getGenericParameterTypes()));
            for (Field field : made.getClass().getDeclaredFields()) {
                if (field.getType().isInterface() && Modifier.isVolatile(field.getModifiers())) {
                    open(field).set(made, SampleValues.of(field.getGenericType()));
                }
            }
            return made;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T extends AccessibleObject> T open(T member) {
        member.setAccessible(true);
        return member;
    }
}
