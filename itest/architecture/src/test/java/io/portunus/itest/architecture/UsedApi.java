// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a class uses, as its class file states: {@code java.time.Instant.now()} for a method that it calls or refers to,
 * {@code java.util.Random.new(long)} for a constructor, {@code java.lang.System.out} for a field, {@code sun.misc.Signal} for a type, also one
 * that it names as a text only, and {@code synchronized}. Immutable.
 *
 * @param type name of the class; a nested class, a lambda among them, counts as the one it stands in
 * @param uses what it uses
 */
record UsedApi(String type, Set<String> uses) {
    static final String MONITOR = "synchronized";
    /** What is no package of anybody but the JDK, so that a text of this form names what is inside it. */
    private static final Pattern INSIDE = Pattern.compile("(?:sun|jdk\\.internal)\\.[\\w.$]+");

    static UsedApi of(byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        Set<String> uses = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case FieldRefEntry field -> uses.add(name(field.owner()) + "." + field.name().stringValue());
                case MemberRefEntry method -> uses.add(name(method.owner()) + "." + call(method));
                case ClassEntry type -> uses.add(name(type));
                case StringEntry text when INSIDE.matcher(text.stringValue()).matches() -> uses.add(text.stringValue());
                default -> {
                    // Nothing is used by it.
                }
            }
        }
        if (model.methods().stream().anyMatch(UsedApi::locks)) {
            uses.add(MONITOR);
        }
        String name = name(model.thisClass());
        return new UsedApi(name.replaceFirst("\\$.*", ""), uses);
    }

    private static boolean locks(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
            || method.code().filter(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance)).isPresent();
    }

    private static String call(MemberRefEntry method) {
        String parameters = MethodTypeDesc.ofDescriptor(method.type().stringValue()).parameterList().stream().map(ClassDesc::displayName)
            .collect(Collectors.joining(","));
        return (method.name().equalsString("<init>") ? "new" : method.name().stringValue()) + "(" + parameters + ")";
    }

    private static String name(ClassEntry type) {
        return type.asInternalName().replace('/', '.');
    }
}
