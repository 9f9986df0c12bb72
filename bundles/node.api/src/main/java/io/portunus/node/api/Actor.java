// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

/**
 * Who asks for a change, for its event.
 *
 * @param face the way in: {@code "shell"}, {@code "ssh"}, {@code "http"}, {@code "signal"}, {@code "file"}, {@code "folder"}, {@code "node"}
 * @param name who it is there, as far as is known: a key's comment, an address; may be empty
 */
public record Actor(String face, String name) {
    @Override
    public String toString() {
        return name.isEmpty() ? face : face + ":" + name;
    }
}
