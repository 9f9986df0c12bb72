// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

/** TOML for the tests. */
final class Rules {
    private Rules() {
    }

    static String plain(String name, int port, int target) {
        return """
            [[rule]]
            name = "%s"
            listen_port = %d
            target = "127.0.0.1:%d"
            """.formatted(name, port, target);
    }

    static String named(String name, int port, String sni, int target) {
        return plain(name, port, target) + "sni = \"" + sni + "\"\n";
    }
}
