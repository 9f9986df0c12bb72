// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A value that a bundle defines: a static final field, whoever may see it. That is how codes of problems and reasons of closing are defined, each
 * beside its owner. Immutable.
 *
 * @param bundle name of the bundle
 * @param value the value
 */
record Defined<T>(String bundle, T value) {
    /** What self-checks and tests play with; no operator ever sees what it ends flows for. */
    private static final String STAGE = "flow.memory";

    /**
     * Every value of a type that a bundle of a feature defines. Contracts come first: a field elsewhere that holds what a contract defined is no
     * definition of its own.
     */
    static <T> List<Defined<T>> of(Class<T> type) {
        List<BuiltBundle> bundles = new ArrayList<>(BuiltBundle.all());
        bundles.removeIf(bundle -> bundle.name().equals(STAGE));
        bundles.sort(Comparator.comparing((BuiltBundle bundle) -> bundle.exports().isEmpty()).thenComparing(BuiltBundle::name));
        Set<T> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Defined<T>> defined = new ArrayList<>();
        for (BuiltBundle bundle : bundles) {
            for (String name : classesThatMention(type, bundle)) {
                Arrays.stream(Hidden.type(name).getDeclaredFields()).filter(field -> isConstant(field, type))
                    .map(field -> type.cast(Hidden.get(field))).filter(seen::add).forEach(value -> defined.add(new Defined<>(bundle.name(), value)));
            }
        }
        return List.copyOf(defined);
    }

    private static boolean isConstant(Field field, Class<?> type) {
        return field.getType() == type && Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers());
    }

    /** Only these are loaded: what a bundle needs of its framework is not here. */
    private static List<String> classesThatMention(Class<?> type, BuiltBundle bundle) {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(bundle.jar().toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (name.startsWith("io/portunus/") && name.endsWith(".class") && mentions(type, jar.getInputStream(entry).readAllBytes())) {
                    names.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collections.sort(names);
        return names;
    }

    /** The type of a field stands in its class as text (JVMS §4.3.2, §4.4.7). */
    private static boolean mentions(Class<?> type, byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1).contains(type.descriptorString());
    }
}
