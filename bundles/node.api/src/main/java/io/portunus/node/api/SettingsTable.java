// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import aQute.bnd.annotation.xml.XMLAttribute;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the settings of a component a table of the configuration file. Written on its {@code @ObjectClassDefinition}, whose description is the
 * sentence about the table; the build puts it into the bundle's metatype document (OSGi Compendium §105), and the file is read, checked and
 * documented by what stands there, with a framework and without. Nothing is changed elsewhere: the component gets the table as its configuration,
 * typed by the definition and within its bounds. The PID is the one that {@code @Designate} names, else the id of the definition.
 *
 * <p>Several definitions may have keys in one table, as {@code [global]} shows. One that has a key of
 * another, which came before it, is passed over, and so is one that cannot be read. Each key is declared by {@link Setting}.
 */
@XMLAttribute(namespace = Setting.NAMESPACE, prefix = "portunus")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface SettingsTable {
    /** Name of the table, {@code dns} for {@code [dns]}: a letter, then letters, digits and underscores. */
    String table();

    /** Whether the component is configured only if the file has the table. Otherwise it gets its defaults. */
    boolean optional() default false;

    /** Key that is a truth value and may stand for the table, {@code enabled} for {@code access_log = false}; empty if none does. */
    String toggle() default "";
}
