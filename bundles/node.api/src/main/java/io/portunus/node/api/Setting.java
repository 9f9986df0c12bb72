// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import aQute.bnd.annotation.xml.XMLAttribute;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a setting is written in the configuration file, beside what its {@code @AttributeDefinition} declares: the sentence about it (description),
 * bounds (min and max, of the number that the component gets), the words it may be (options), and how many a list may have (cardinality). Without
 * it a truth value, a whole number, a word of the options, or a text is written as it is. A member that is no list and has no default is required.
 */
@XMLAttribute(namespace = Setting.NAMESPACE, prefix = "portunus")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Setting {
    /** Namespace of the attributes in the metatype document. */
    String NAMESPACE = "https://portunus.io/xmlns/settings/v1.0.0";

    /** How it is written; one of the constants below. */
    String form() default "";

    /** Key in the file; empty for the member's name, of a time without {@code _ms}. */
    String key() default "";

    /** Whether 0 is allowed besides what is within the bounds. */
    boolean zero() default false;

    /** Fewest elements of a list that is there. */
    int least() default 0;

    /** A good value as it is written, for who has to mend a bad one. */
    String example() default "";

    /** Key whose value this one must not be above, or below which this one must not be. */
    String notAbove() default "";

    /** What must hold where the key is written, {@code to=file}. */
    String only() default "";

    /** Key, a truth value, with which this one is required. */
    String needed() default "";

    /** For {@link #DUAL_STACK} and {@link #NOT_WRITTEN}: the key that it belongs to. */
    String of() default "";

    /**
     * Role of which it may also be what installed bundles provide, {@code "transport"}: the kinds that stand with it in the header
     * {@code Portunus-Provides} of their manifests.
     */
    String provided() default "";

    /** A time in quotes, {@code "10s"}; the component gets milliseconds. */
    String TIME = "time";
    /** A size in quotes, {@code "64MiB"}; the component gets bytes. */
    String SIZE = "size";
    /** A text of one line; min and max are its length in bytes. */
    String TEXT = "text";
    /** The absolute path of a file. */
    String PATH = "path";
    /** The absolute path of a Unix socket, at most 107 bytes (unix(7)). */
    String SOCKET = "socket";
    /** An address of this machine to listen on, {@code "127.0.0.1:7080"}; nothing else may be there. */
    String LISTEN = "listen";
    /** Whether an address {@code ::} of a {@link #LISTEN} takes clients of IPv4, too. */
    String DUAL_STACK = "dual_stack";
    /** No key of the file: whether the key that it belongs to is not written, so that something else does as well. */
    String NOT_WRITTEN = "not_written";
    /** An IP address with a port or without, which then is 53. */
    String SERVER = "server";
    /** An address of a peer, {@code "127.0.0.1:514"}. */
    String PEER = "peer";
    /** A block of addresses, {@code "10.0.0.0/8"}. */
    String BLOCK = "block";
    /** A host name; of a list one needs no brackets. */
    String NAME = "name";
}
