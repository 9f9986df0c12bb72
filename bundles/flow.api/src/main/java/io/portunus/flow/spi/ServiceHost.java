// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.spi;

/**
 * What an SRV record names (RFC 2782).
 *
 * @param host name of a host, in lower case
 * @param port its port, 1 to 65535
 * @param priority hosts with the lowest number are used while one of them answers; 0 to 65535
 * @param weight share among the hosts of one priority, 0 to 65535; with 0 there is hardly a chance beside others
 */
public record ServiceHost(String host, int port, int priority, int weight) {
    /** The host as a name that is whole: a record names it so, and no search list is for it (RFC 1034 §3.1). */
    public String absolute() {
        return host + ".";
    }

    /** Host and port, as operators write them. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
